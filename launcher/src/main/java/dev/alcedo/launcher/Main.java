// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher;

import dev.alcedo.launcher.internal.cli.CommandLineRun;

/// Where the process starts.
public final class Main {
  private Main() {}

  /// Runs one command and ends the process with its exit status.
  public static void main(String[] args) {
    System.exit(CommandLineRun.ofProcess().run(args));
  }
}
