// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.KvCache;
import java.util.List;

/// How probable a model finds given tokens, each after those before it. Runs on the engine's
/// thread, between the batches of sessions, in a KV cache of its own. Used once.
final class Scoring {
  private final ModelParts parts;
  private final EngineLoop loop;
  private final Cancellation cancellation;

  Scoring(ModelParts parts, EngineLoop loop, Cancellation cancellation) {
    this.parts = parts;
    this.loop = loop;
    this.cancellation = cancellation;
  }

  /// Natural logarithms for `tokens[from..]`.
  double[] logProbabilities(int[] tokens, int from) {
    check(tokens, from);
    var layout = parts.kvLayout();
    int length = tokens.length - 1; // what follows the last token is nobody's question
    HostMemory.require(
        "a KV cache of %d positions".formatted(length),
        KvCache.byteSize(layout, length),
        "score fewer tokens at a time");
    var sequence = new PromptSequence();
    sequence.addIds(tokens);
    var scores = new double[tokens.length - from];
    int chunkLength = parts.runner().chunkLength();
    try (var cache = new KvCache(layout, length)) {
      for (int start = 0; start < length; start += chunkLength) {
        cancellation.check();
        int count = Math.min(chunkLength, length - start);
        // The position before a token scores it.
        int logitCount = Math.clamp(start + count - (from - 1), 0, count);
        int first = start + count - logitCount + 1;
        var slice = new TextRunner.Slice(sequence, cache, start, count, logitCount);
        loop.run(() -> score(slice, tokens, first, from, scores));
      }
    }
    return scores;
  }

  private void score(TextRunner.Slice slice, int[] tokens, int first, int from, double[] scores) {
    var next = new int[] {first};
    parts
        .runner()
        .run(
            List.of(slice),
            (_, logits, offset) -> {
              scores[next[0] - from] = logProbability(logits, offset, tokens[next[0]]);
              next[0]++;
            });
  }

  /// `logit - log(sum of exp(logits))` over the vocabulary; rows of the output matrix beyond it are
  /// padding.
  private double logProbability(float[] logits, int offset, int token) {
    int vocabSize = parts.tokenizer().vocabSize();
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + vocabSize; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = offset; i < offset + vocabSize; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return logits[offset + token] - max - Math.log(sum);
  }

  private void check(int[] tokens, int from) {
    int lengthMax = parts.info().contextLength();
    if (tokens.length < 2 || tokens.length > lengthMax) {
      throw new InvalidRequestException(
          "tokens: expected 2 to %d, which is the model's context, got %d"
              .formatted(lengthMax, tokens.length));
    }
    if (from < 1 || from >= tokens.length) {
      throw new InvalidRequestException(
          "from: expected 1 to %d, for a token is scored after those before it, got %d"
              .formatted(tokens.length - 1, from));
    }
    int vocabSize = parts.tokenizer().vocabSize();
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabSize) {
        throw new InvalidRequestException(
            "tokens: expected ids from 0 to %d, got %d at position %d"
                .formatted(vocabSize - 1, tokens[i], i));
      }
    }
  }
}
