// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.InspectReply;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows what is in a model file.
@Command(
    name = "inspect",
    description = {
      "Shows metadata, tensors and type totals of a GGUF file, its family, tokenizer, template or",
      "projector, and what would run where and how much memory it would take. What Alcedo cannot",
      "use is named, with what it knows."
    },
    footer = {
      "",
      "Examples:",
      "  alcedo inspect model.gguf",
      "  alcedo inspect mmproj.gguf --json",
      "  alcedo inspect model.gguf --mmproj mmproj.gguf --backend cpu --context 2048"
    })
final class InspectCommand extends EngineCommand {
  @Mixin private ModelArguments model = new ModelArguments();

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  @Parameters(paramLabel = "FILE", description = "The GGUF file.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  InspectCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    try (LocalEngine engine = engine(Settings.engine(model, context().environment()))) {
      InspectReply reply = Replies.await(engine.client().inspect(Settings.spec(model, file)));
      if (isJson) {
        console().println(Json.text(reply));
      } else {
        InspectText.lines(reply).forEach(console()::println);
      }
    }
    return ExitStatus.OK;
  }
}
