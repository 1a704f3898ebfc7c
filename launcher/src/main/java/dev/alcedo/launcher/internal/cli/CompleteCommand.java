// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.GenerationArguments;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.InvalidRequestException;
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
      "--requests FILE answers many prompts with one loaded model. Each line is a JSON object,",
      "  {\"prompt\": \"see <image> here\", \"images\": [\"cat.png\"], \"maxTokens\": 8}",
      "or {\"promptTokens\": [1, 450]}; each is answered by one line as of --json, or by",
      "{\"error\": ..., \"message\": ...}, in the same order.",
      "",
      "Examples:",
      "  alcedo complete --model m.gguf --prompt \"Once upon a time\" -n 40",
      "  alcedo complete --model m.gguf --prompt-tokens 1,450,7483 -n 8 --greedy --logprobs 5 --json",
      "  alcedo complete --model m.gguf --requests prompts.jsonl -n 8 --greedy"
    })
final class CompleteCommand extends EngineCommand {
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

  /// A text, token ids or a file of either.
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

    @Option(
        names = "--requests",
        paramLabel = "FILE",
        description = "Many prompts, one JSON object on each line; answers are JSON as well.")
    private @Nullable Path requests;
  }

  @Override
  ExitStatus execute() {
    Settings settings =
        Settings.of(model, generation, isEndIgnored, topCount, context().environment());
    if (isGreedy) {
      settings = settings.greedy();
    }
    if (prompt.requests != null) {
      return batch(settings, InputFiles.text(prompt.requests).lines().toList());
    }
    RawPrompt raw = raw();
    List<PictureFile> pictures = raw.pictures();
    try (LocalEngine engine = engine(settings.engine())) {
      complete(completion(engine, settings), settings, raw, pictures);
    }
    return ExitStatus.OK;
  }

  private ExitStatus batch(Settings settings, List<String> lines) {
    if (!images.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--image and --requests exclude each other: name pictures in lines");
    }
    try (LocalEngine engine = engine(settings.engine())) {
      return new CompletionBatch(completion(engine, settings), settings.generation(), console())
          .run(lines);
    }
  }

  private Completion completion(LocalEngine engine, Settings settings) {
    String handle = load(engine.client(), settings.model()).model();
    return new Completion(engine.client(), context(), handle, isProgress());
  }

  private void complete(
      Completion completion, Settings settings, RawPrompt raw, List<PictureFile> pictures) {
    var steps = new ArrayList<StreamEvent.Token>();
    StreamEvent.Done done =
        completion.run(
            raw,
            pictures,
            settings.generation(),
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

  private RawPrompt raw() {
    try {
      return prompt.tokens != null && images.isEmpty()
          ? RawPrompt.ofTokens(prompt.tokens)
          : RawPrompt.ofText(prompt.text == null ? "" : prompt.text, images);
    } catch (InvalidRequestException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
