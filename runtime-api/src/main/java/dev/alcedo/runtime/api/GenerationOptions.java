// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.List;

/// How an answer is drawn and when it ends.
///
/// @param tokenCountMax tokens to generate at most; 0 means until the context is full
/// @param temperature 0 is greedy; else logits are divided by it
/// @param topK keep this many best tokens; 0 keeps all
/// @param topP keep the best tokens up to this probability mass; 1 keeps all
/// @param minP drop tokens below this share of the best one's probability; 0 drops none
/// @param repeatPenalty divides positive and multiplies negative logits of recent tokens; 1 is off
/// @param repeatWindow how many recent tokens are penalised
/// @param seed of the draw; equal seeds give equal answers
/// @param stops the answer ends before the first of these texts
/// @param isEndIgnored whether end tokens are never drawn, so that only count, context and stops
///   end
/// @param topCount how many of the best tokens each step reports with log-probabilities
/// @param grammar what answers must look like, in GBNF, the notation of llama.cpp's grammars: from
///   its rule `root`; empty lets them be anything. The answer ends where nothing can follow
public record GenerationOptions(
    int tokenCountMax,
    float temperature,
    int topK,
    float topP,
    float minP,
    float repeatPenalty,
    int repeatWindow,
    long seed,
    List<String> stops,
    boolean isEndIgnored,
    int topCount,
    String grammar) {
  /// Greedy, to the model's end token.
  public static final GenerationOptions GREEDY =
      new GenerationOptions(0, 0, 0, 1, 0, 1, 64, 0, List.of(), false, 0, "");

  /// Most log-probabilities that a step can report.
  public static final int TOP_COUNT_MAX = 100;

  /// Most characters of a grammar.
  public static final int GRAMMAR_LENGTH_MAX = 1 << 20;

  /// Without a grammar.
  public GenerationOptions(
      int tokenCountMax,
      float temperature,
      int topK,
      float topP,
      float minP,
      float repeatPenalty,
      int repeatWindow,
      long seed,
      List<String> stops,
      boolean isEndIgnored,
      int topCount) {
    this(
        tokenCountMax,
        temperature,
        topK,
        topP,
        minP,
        repeatPenalty,
        repeatWindow,
        seed,
        stops,
        isEndIgnored,
        topCount,
        "");
  }

  /// Checks ranges, copies the list.
  ///
  /// @throws InvalidRequestException naming the option that is out of range
  public GenerationOptions {
    require(tokenCountMax >= 0, "tokenCountMax", "0 or more", tokenCountMax);
    require(temperature >= 0 && temperature <= 100, "temperature", "0 to 100", temperature);
    require(topK >= 0, "topK", "0 or more", topK);
    require(topP > 0 && topP <= 1, "topP", "above 0, at most 1", topP);
    require(minP >= 0 && minP <= 1, "minP", "0 to 1", minP);
    require(
        repeatPenalty > 0 && repeatPenalty <= 10,
        "repeatPenalty",
        "above 0, at most 10",
        repeatPenalty);
    require(
        repeatWindow >= 0 && repeatWindow <= 65_536, "repeatWindow", "0 to 65536", repeatWindow);
    require(
        topCount >= 0 && topCount <= TOP_COUNT_MAX, "topCount", "0 to " + TOP_COUNT_MAX, topCount);
    require(
        grammar.length() <= GRAMMAR_LENGTH_MAX,
        "grammar",
        "at most %d characters".formatted(GRAMMAR_LENGTH_MAX),
        grammar.length());
    stops = List.copyOf(stops);
    require(stops.size() <= 16, "stops", "at most 16", stops.size());
    require(stops.stream().noneMatch(String::isEmpty), "stops", "no empty text", "an empty text");
  }

  private static void require(boolean isTrue, String name, String expected, Object got) {
    if (!isTrue) {
      throw new InvalidRequestException("%s: expected %s, got %s".formatted(name, expected, got));
    }
  }
}
