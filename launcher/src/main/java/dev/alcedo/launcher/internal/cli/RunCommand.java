// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.GenerationArguments;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Asks a question about pictures, or talks.
@Command(
    name = "run",
    description = {
      "Answers a question about pictures with the model's chat template.",
      "Without a question, a conversation begins."
    },
    footer = {
      "",
      "Answers are greedy (--temperature 0) unless asked otherwise: the same question gets the",
      "same answer.",
      "",
      "Examples:",
      "  alcedo run --image scene.png \"How many red circles are there?\"",
      "  alcedo run --model m.gguf --mmproj v.gguf --image a.png --image b.png \"What changed?\"",
      "  alcedo run --model m.gguf --temperature 0.7 --top-p 0.9 \"Write a haiku.\"",
      "  alcedo run --image scene.png"
    })
final class RunCommand extends EngineCommand {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private GenerationArguments generation = new GenerationArguments();

  @Option(
      names = {"-i", "--image"},
      paramLabel = "FILE",
      description = "A picture (PNG, JPEG, GIF, BMP, WebP). May be repeated.")
  private List<Path> images = new ArrayList<>();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "Instructions for the whole conversation.")
  private @Nullable String system;

  @Option(names = "--stats", description = "Say on standard error what the answer took.")
  private boolean isStats;

  @Parameters(arity = "0..1", paramLabel = "QUESTION", description = "What to ask.")
  private @Nullable String question;

  RunCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    Settings settings = Settings.of(model, generation, false, 0, context().environment());
    List<PictureFile> pictures = images.stream().map(PictureFile::read).toList();
    try (LocalEngine engine = engine(settings.engine())) {
      EngineClient client = engine.client();
      var conversation =
          Conversation.open(
              client,
              load(client, settings.model()).model(),
              system,
              settings.generation(),
              new Generation(client, context(), isProgress()));
      pictures.forEach(conversation::show);
      return question == null
          ? new ChatLoop(conversation, context(), isStats).run()
          : ask(conversation, question);
    }
  }

  private ExitStatus ask(Conversation conversation, String text) {
    conversation.ask(text, console()::print);
    console().println("");
    if (isStats) {
      conversation.statistics().forEach(console()::say);
    }
    return ExitStatus.OK;
  }
}
