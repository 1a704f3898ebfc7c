// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.PerplexityReply;
import dev.alcedo.launcher.internal.message.PerplexityRequest;
import dev.alcedo.runtime.api.Perplexity;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says how surprised a model is by a text.
@Command(
    name = "perplexity",
    description = "Computes the perplexity of a text, as llama-perplexity does.",
    footer = {
      "",
      "The text is cut into chunks of --context tokens (default 512); the second half of each is",
      "scored. It needs at least two chunks. What is said of two models compares only if they have",
      "one vocabulary and one --context.",
      "",
      "Examples:",
      "  alcedo perplexity --model m.gguf --file text.txt",
      "  alcedo perplexity --model m.gguf --file text.txt --context 1024 --json"
    })
final class PerplexityCommand extends EngineCommand {
  private static final int CHUNK_LENGTH_DEFAULT = 512;

  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "A text file in UTF-8.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  PerplexityCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    String text = InputFiles.text(file);
    var settings = Settings.spec(model, context().environment());
    Integer asked = settings.contextLength();
    int chunkLength = asked == null ? CHUNK_LENGTH_DEFAULT : asked;
    try (LocalEngine engine = engine(Settings.engine(model, context().environment()))) {
      var client = engine.client();
      String handle = load(client, settings.withContextLength(chunkLength)).model();
      PerplexityReply reply =
          new LongReply(client, context(), isProgress())
              .await(replyTo ->
                  client.perplexity(new PerplexityRequest(handle, text, chunkLength, replyTo)));
      Perplexity result = reply.result();
      console().println(isJson ? Json.text(result) : text(result, chunkLength));
    }
    return ExitStatus.OK;
  }

  private static String text(Perplexity result, int chunkLength) {
    return String.format(
        Locale.ROOT,
        "perplexity %.4f +/- %.4f (%d tokens of %d chunks of %d)",
        result.perplexity(),
        result.error(),
        result.tokenCount(),
        result.chunkCount(),
        chunkLength);
  }
}
