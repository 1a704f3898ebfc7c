// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.GenerationOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an answer is drawn and when it ends. Absent fields are greedy to the model's end token.
///
/// @param maxTokens tokens at most; 0 means until the context is full
/// @param temperature 0 is greedy
/// @param topK keep this many best tokens; 0 keeps all
/// @param topP keep the best tokens up to this probability mass
/// @param minP drop tokens below this share of the best one's probability
/// @param repeatPenalty against recent tokens; 1 is off
/// @param repeatWindow how many recent tokens are penalised
/// @param seed equal seeds give equal answers
/// @param stops the answer ends before the first of these texts
/// @param ignoreEnd whether end tokens are treated as any other
/// @param topCount how many best tokens each step reports
/// @param grammar what answers must look like, in GBNF; absent or empty lets them be anything
public record GenerationSpec(
    @Nullable Integer maxTokens,
    @Nullable Float temperature,
    @Nullable Integer topK,
    @Nullable Float topP,
    @Nullable Float minP,
    @Nullable Float repeatPenalty,
    @Nullable Integer repeatWindow,
    @Nullable Long seed,
    @Nullable List<String> stops,
    @Nullable Boolean ignoreEnd,
    @Nullable Integer topCount,
    @Nullable String grammar) {

  /// The engine's options of a request that may have none.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException naming what is out of range
  public static GenerationOptions options(@Nullable GenerationSpec spec) {
    return spec == null ? GenerationOptions.GREEDY : spec.toOptions();
  }

  /// The same, always taking the best token.
  public GenerationSpec greedy() {
    return new GenerationSpec(
        maxTokens,
        0f,
        topK,
        topP,
        minP,
        repeatPenalty,
        repeatWindow,
        seed,
        stops,
        ignoreEnd,
        topCount,
        grammar);
  }

  /// The same, with at most `count` tokens.
  public GenerationSpec withMaxTokens(int count) {
    return new GenerationSpec(
        count,
        temperature,
        topK,
        topP,
        minP,
        repeatPenalty,
        repeatWindow,
        seed,
        stops,
        ignoreEnd,
        topCount,
        grammar);
  }

  private GenerationOptions toOptions() {
    GenerationOptions greedy = GenerationOptions.GREEDY;
    return new GenerationOptions(
        or(maxTokens, greedy.tokenCountMax()),
        or(temperature, greedy.temperature()),
        or(topK, greedy.topK()),
        or(topP, greedy.topP()),
        or(minP, greedy.minP()),
        or(repeatPenalty, greedy.repeatPenalty()),
        or(repeatWindow, greedy.repeatWindow()),
        or(seed, greedy.seed()),
        or(stops, greedy.stops()),
        or(ignoreEnd, greedy.isEndIgnored()),
        or(topCount, greedy.topCount()),
        or(grammar, greedy.grammar()));
  }

  private static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }
}
