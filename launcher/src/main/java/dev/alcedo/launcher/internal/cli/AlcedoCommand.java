// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line as a whole; the work is in the commands below it.
@Command(
    name = "alcedo",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Asks a vision-language model about pictures, on this machine.",
    footer = {
      "",
      "Every option for models and answers has an environment variable for its default:",
      "--max-tokens has ALCEDO_MAX_TOKENS.",
      "",
      "Exit status: 0 done, 1 internal error, 2 wrong usage, 3 invalid request or picture,",
      "4 model file broken or unsupported, 5 backend unavailable or failed,",
      "6 out of memory or context, 130 interrupted.",
      "",
      "Examples:",
      "  alcedo run --image photo.png \"What is in this picture?\"",
      "  alcedo run --model m.gguf --mmproj mmproj.gguf --image photo.png \"Describe it.\"",
      "  alcedo devices",
    })
final class AlcedoCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean isHelp;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean isVersion;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, got nothing");
  }
}
