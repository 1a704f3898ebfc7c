// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.launcher.internal.message.GenerationSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How an answer is drawn and when it ends.
public final class GenerationArguments {
  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      description = "Tokens to generate at most; 0: until the context is full. Default: 512.")
  private int maxTokens = 512;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 always takes the best token; higher is livelier. Default: 0.")
  private float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K best tokens. Default: 0 (all).")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the best tokens up to this probability mass. Default: 1 (all).")
  private @Nullable Float topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Drop tokens below this share of the best one's probability. Default: 0.")
  private @Nullable Float minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "F",
      description = "Above 1, recent tokens become less likely. Default: 1 (off).")
  private @Nullable Float repeatPenalty;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Equal seeds give equal answers. Default: a new one each time.")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the answer before this text. May be repeated.")
  private List<String> stops = new ArrayList<>();

  @Option(
      names = "--grammar",
      paramLabel = "FILE",
      description = "Answers follow this grammar, in GBNF, the notation of llama.cpp.")
  private @Nullable Path grammarFile;

  @Option(
      names = "--json-schema",
      paramLabel = "FILE",
      description = "Answers are JSON that is valid by this schema.")
  private @Nullable Path schemaFile;

  /// Made by picocli.
  public GenerationArguments() {}

  /// What was asked for.
  ///
  /// @param isEndIgnored whether to go on after the end token
  /// @param topCount log-probabilities to report for each token
  GenerationSpec spec(boolean isEndIgnored, int topCount) {
    return new GenerationSpec(
        maxTokens,
        temperature,
        topK,
        topP,
        minP,
        repeatPenalty,
        null,
        seed == null ? Long.valueOf(ThreadLocalRandom.current().nextInt(1, 1 << 30)) : seed,
        stops,
        isEndIgnored,
        topCount,
        OutputGrammar.of(grammarFile, schemaFile));
  }
}
