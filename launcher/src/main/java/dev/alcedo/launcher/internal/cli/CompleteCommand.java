// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.GenerationArguments;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.CompleteRequest;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.launcher.internal.message.StreamEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Continues a prompt as it stands.
@Command(
    name = "complete",
    description = "Continues a raw prompt, without a chat template.",
    footer = {
      "",
      "<image> in the prompt marks each picture in turn. With --json, one object:",
      "  {\"promptTokens\": 25, \"steps\": [{\"id\": 5, \"text\": \" the\", \"top\": [[5, -0.12]]}],",
      "   \"text\": \"...\", \"reason\": \"end\", \"timings\": {...}}",
      "with natural-log probabilities before sampling and times in seconds.",
      "",
      "Examples:",
      "  alcedo complete --model m.gguf --prompt \"Once upon a time\" -n 40",
      "  alcedo complete --model m.gguf --prompt-tokens 1,450,7483 -n 8 --greedy --logprobs 5 --json"
    })
final class CompleteCommand extends EngineCommand {
  private static final String MARKER = "<image>";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private GenerationArguments generation = new GenerationArguments();

  @Option(
      names = {"-i", "--image"},
      paramLabel = "FILE",
      description = "A picture, for the next <image> in the prompt. May be repeated.")
  private List<Path> images = new ArrayList<>();

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Prompt prompt;

  @Option(names = "--greedy", description = "Always take the best token, whatever --temperature.")
  private boolean isGreedy;

  @Option(names = "--ignore-eos", description = "Go on after the model's end token.")
  private boolean isEndIgnored;

  @Option(
      names = "--logprobs",
      paramLabel = "K",
      description = "With --json: report the K best tokens of each step.")
  private int topCount;

  @Option(names = "--json", description = "Print one JSON object instead of the text.")
  private boolean isJson;

  @Option(names = "--stats", description = "Say on standard error what it took.")
  private boolean isStats;

  CompleteCommand(CommandContext context) {
    super(context);
  }

  /// Either a text or token ids.
  static final class Prompt {
    @Option(
        names = {"-p", "--prompt"},
        paramLabel = "TEXT",
        description = "The prompt.")
    private @Nullable String text;

    @Option(
        names = "--prompt-tokens",
        paramLabel = "ID",
        split = ",",
        description = "The prompt as token ids, taken as they are.")
    private @Nullable List<Integer> tokens;
  }

  @Override
  ExitStatus execute() {
    Settings settings =
        Settings.of(model, generation, isEndIgnored, topCount, context().environment());
    if (isGreedy) {
      settings = settings.greedy();
    }
    List<String> texts = texts();
    List<PictureFile> pictures = images.stream().map(PictureFile::read).toList();
    try (LocalEngine engine = engine(settings.engine())) {
      complete(engine.client(), settings, texts, pictures);
    }
    return ExitStatus.OK;
  }

  private void complete(
      EngineClient client, Settings settings, List<String> texts, List<PictureFile> pictures) {
    String handle = load(client, settings.model()).model();
    List<String> shown = pictures.stream().map(p -> p.prepare(client, handle).image()).toList();
    String session = Replies.await(client.openSession(handle)).session();
    List<Part> parts = parts(texts, shown);
    var steps = new ArrayList<StreamEvent.Token>();
    StreamEvent.Done done =
        new Generation(client, context(), isProgress())
            .run(
                replyTo ->
                    client.complete(
                        new CompleteRequest(session, replyTo, parts, settings.generation())),
                token -> {
                  if (isJson) {
                    steps.add(token);
                  } else {
                    console().print(token.text());
                  }
                });
    console().println(isJson ? Json.text(CompletionJson.of(steps, done)) : "");
    if (isStats) {
      StatisticsText.lines(done, settings.generation()).forEach(console()::say);
    }
  }

  // The texts before, between and after the pictures.
  private List<String> texts() {
    List<String> texts = prompt.text == null ? List.of() : List.of(prompt.text.split(MARKER, -1));
    int markerCount = Math.max(0, texts.size() - 1);
    if (markerCount != images.size()) {
      throw new ParameterException(
          spec.commandLine(),
          "expected one --image for each %s in the prompt, got %d for %d"
              .formatted(MARKER, images.size(), markerCount));
    }
    return texts;
  }

  private List<Part> parts(List<String> texts, List<String> shown) {
    var parts = new ArrayList<Part>();
    if (prompt.tokens != null) {
      parts.add(new Part.Tokens(prompt.tokens));
    }
    for (int i = 0; i < texts.size(); i++) {
      if (!texts.get(i).isEmpty()) {
        parts.add(new Part.Text(texts.get(i)));
      }
      if (i < shown.size()) {
        parts.add(new Part.Picture(shown.get(i)));
      }
    }
    return parts;
  }
}
