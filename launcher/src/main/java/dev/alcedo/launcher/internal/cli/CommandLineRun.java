// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.FailureKind;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.cluster.Clusters;
import dev.alcedo.launcher.internal.config.Environment;
import dev.alcedo.launcher.internal.config.EnvironmentDefaults;
import dev.alcedo.runtime.api.Alcedo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// One run of the command line: parses, executes, turns every failure into one line and an exit
/// status.
public final class CommandLineRun {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLineRun.class);

  private final CommandContext context;

  CommandLineRun(CommandContext context) {
    this.context = context;
  }

  /// With this process's streams and environment.
  public static CommandLineRun ofProcess() {
    Environment.takeErrorStream();
    Environment environment = Environment.ofProcess();
    Console console = Console.ofProcess(environment);
    return new CommandLineRun(
        new CommandContext(console, environment, new Interrupts(console), LocalEngine::start));
  }

  /// The exit status of the command in `args`.
  public int run(String[] args) {
    Interrupts interrupts = context.interrupts();
    interrupts.install();
    try {
      return commandLine().execute(args);
    } finally {
      context.console().progress().stop();
      interrupts.release();
    }
  }

  CommandLine commandLine() {
    return new CommandLine(new AlcedoCommand())
        .addSubcommand(new RunCommand(context))
        .addSubcommand(new CompleteCommand(context))
        .addSubcommand(new ServeCommand(context, Clusters::join))
        .addSubcommand(new WorkCommand(context, Alcedo::open, Clusters::join))
        .addSubcommand(new DevicesCommand(context))
        .addSubcommand(new InspectCommand(context))
        .addSubcommand(new TokenizeCommand(context))
        .addSubcommand(new TemplateCommand(context))
        .addSubcommand(new TilesCommand(context))
        .addSubcommand(new QuantizeCommand(context))
        .addSubcommand(new PerplexityCommand(context))
        .addSubcommand(new BenchCommand(context, Alcedo::open))
        .addSubcommand(new SynthCommand(context))
        .setDefaultValueProvider(new EnvironmentDefaults(context.environment()))
        .setOut(context.console().helpWriter())
        .setExpandAtFiles(false) // a question may begin with @; --variables reads @FILE itself
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((failure, _) -> misused(failure))
        .setExecutionExceptionHandler((failure, _, _) -> failed(failure).number());
  }

  private int misused(ParameterException failure) {
    context
        .console()
        .error(
            "%s (see '%s --help')"
                .formatted(
                    failure.getMessage(),
                    failure.getCommandLine().getCommandSpec().qualifiedName()));
    return ExitStatus.USAGE.number();
  }

  private ExitStatus failed(Throwable failure) {
    if (failure instanceof OutputClosedException) {
      return ExitStatus.OK;
    }
    LOG.debug("the command failed", failure);
    FailureKind kind = failure instanceof BusException over ? over.kind() : FailureKind.of(failure);
    context
        .console()
        .error(
            failure instanceof BusException over
                ? String.valueOf(over.getMessage())
                : FailureKind.message(failure));
    return ExitStatus.of(kind);
  }
}
