// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.QuantizeReply;
import dev.alcedo.launcher.internal.message.QuantizeRequest;
import dev.alcedo.runtime.api.QuantizeReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a model file again with other element types.
@Command(
    name = "quantize",
    description = "Writes a model file again with smaller (or larger) element types.",
    footer = {
      "",
      "Types: F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K_S, Q4_K_M (or Q4_K), Q5_K_S,",
      "Q5_K_M (or Q5_K), Q6_K. As with llama-quantize, some weights get more bits than the type",
      "says unless --pure, and norms, positions and patches stay as they are.",
      "",
      "Examples:",
      "  alcedo quantize model-f16.gguf model-q4.gguf --type Q4_K_M",
      "  alcedo quantize model-f16.gguf small.gguf --preset bluelm",
      "  alcedo quantize model-f16.gguf m.gguf --type Q4_0 --tensor-type ffn_down=Q8_0"
    })
final class QuantizeCommand extends EngineCommand {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "IN", description = "The GGUF file to read.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path input;

  @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path output;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Goal goal;

  @Option(
      names = "--tensor-type",
      paramLabel = "REGEX=TYPE",
      description =
          "Type of the weights in whose name the expression is found. May be repeated; the first"
              + " that matches counts.")
  private List<String> tensorTypes = new ArrayList<>();

  @Option(names = "--pure", description = "Every weight gets the type, none more bits.")
  private boolean isPure;

  @Option(
      names = "--allow-requantize",
      description = "Also from a file that is quantised already, though the result is worse.")
  private boolean isRequantizing;

  @Option(
      names = {"-f", "--force"},
      description = "Replace OUT if there is one.")
  private boolean isForced;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "CPU threads. Default: one for each core.")
  private int threads;

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  QuantizeCommand(CommandContext context) {
    super(context);
  }

  /// Either a type or a preset.
  static final class Goal {
    @Option(names = "--type", paramLabel = "TYPE", description = "What most weights become.")
    private @Nullable String type;

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description =
            "bluelm: the mix of BlueLM-V-3B, 4 bits (Q4_0) for a text model and 8 (Q8_0) for an"
                + " mmproj file.")
    private @Nullable String preset;
  }

  @Override
  ExitStatus execute() {
    var rules = tensorTypes.stream().map(this::rule).toList();
    try (LocalEngine engine = engine(Settings.engine(threads, context().environment()))) {
      var client = engine.client();
      QuantizeReply reply =
          new LongReply(client, context(), isProgress())
              .await(replyTo ->
                  client.quantize(
                      new QuantizeRequest(
                          input.toString(),
                          output.toString(),
                          goal.type,
                          goal.preset,
                          rules,
                          isPure,
                          isRequantizing,
                          isForced,
                          threads,
                          replyTo)));
      reply.report().notes().forEach(note -> console().say("note: " + Printable.line(note)));
      console().println(isJson ? Json.text(reply.report()) : text(reply.report()));
    }
    return ExitStatus.OK;
  }

  private QuantizeRequest.TensorType rule(String argument) {
    int at = argument.lastIndexOf('=');
    if (at < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--tensor-type: expected REGEX=TYPE, e.g. ffn_down=Q8_0, got '%s'".formatted(argument));
    }
    return new QuantizeRequest.TensorType(argument.substring(0, at), argument.substring(at + 1));
  }

  private String text(QuantizeReport report) {
    return "%s: %s (%s), %d of %d tensors changed; was %s"
        .formatted(
            Printable.line(output.toString()),
            Sizes.text(report.outputBytes()),
            report.type(),
            report.convertedCount(),
            report.tensorCount(),
            Sizes.text(report.inputBytes()));
  }
}
