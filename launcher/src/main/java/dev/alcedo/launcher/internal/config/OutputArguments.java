// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import picocli.CommandLine.Option;

/// What is said besides the answer.
public final class OutputArguments {
  @Option(
      names = {"-q", "--quiet"},
      description = "No progress lines.")
  private boolean isQuiet;

  @Option(names = "--debug", description = "Log what happens, and stack traces of errors.")
  private boolean isDebug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean isHelp;

  /// Made by picocli.
  public OutputArguments() {}

  /// No progress lines.
  boolean isQuiet() {
    return isQuiet;
  }

  /// Logs and stack traces.
  boolean isDebug() {
    return isDebug;
  }
}
