// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.TokenizeReply;
import dev.alcedo.launcher.internal.message.TokenizeRequest;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the token ids of a text.
@Command(
    name = "tokenize",
    description = "Shows the token ids of a text.",
    footer = {
      "",
      "Prints one line for each token, its id and its spelling; with --json, an object.",
      "",
      "Examples:",
      "  alcedo tokenize --model m.gguf \"Hello world\"",
      "  alcedo tokenize --model m.gguf --file text.txt --json"
    })
final class TokenizeCommand extends EngineCommand {
  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A text file in UTF-8. Default: standard input.")
  private @Nullable Path file;

  @Option(names = "--no-special", description = "Add no begin and end tokens.")
  private boolean isPlain;

  @Option(names = "--no-parse-special", description = "Spelled control tokens are ordinary text.")
  private boolean isUnparsed;

  @Option(names = "--json", description = "Print JSON: {\"tokenizer\", \"ids\", \"pieces\"}.")
  private boolean isJson;

  @Parameters(arity = "0..1", paramLabel = "TEXT", description = "The text.")
  private @Nullable String text;

  TokenizeCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    String path = Settings.spec(model, context().environment()).file();
    var request = new TokenizeRequest(path, null, input(), !isPlain, !isUnparsed);
    try (LocalEngine engine = engine(AlcedoOptions.DEFAULTS)) {
      TokenizeReply reply = Replies.await(engine.client().tokenize(request));
      if (isJson) {
        console().println(Json.text(reply));
      } else {
        for (int i = 0; i < reply.ids().size(); i++) {
          console().println("%7d  %s".formatted(reply.ids().get(i), reply.pieces().get(i)));
        }
      }
    }
    return ExitStatus.OK;
  }

  private String input() {
    if (text != null) {
      return text;
    }
    if (file != null) {
      return InputFiles.text(file);
    }
    try {
      return new String(console().in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InvalidRequestException("standard input cannot be read: " + e.getMessage(), e);
    }
  }
}
