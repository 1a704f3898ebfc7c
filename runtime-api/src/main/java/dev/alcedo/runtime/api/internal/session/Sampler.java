// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.internal.grammar.Constraint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Draws a token id from logits: repeat penalty, then greedy or temperature with top-k, top-p and
/// min-p, in the order that llama.cpp applies them (top-k, top-p, min-p, temperature). What a
/// grammar does not allow is never drawn. One request, one thread.
final class Sampler {
  private final GenerationOptions options;
  private final int[] never;
  private final @Nullable Constraint constraint;
  private final RandomGenerator random;
  private final BestFirst bestFirst;
  private final float[] scores;
  private final int[] kept;
  private final double[] weights;
  private final BitSet penalised;

  /// @param isEnd which ids are never drawn if the options say that ends are ignored
  /// @param constraint what may be drawn; null if everything may
  Sampler(
      GenerationOptions options,
      int vocabSize,
      IntPredicate isEnd,
      @Nullable Constraint constraint) {
    this.options = options;
    this.constraint = constraint;
    this.never =
        options.isEndIgnored() ? IntStream.range(0, vocabSize).filter(isEnd).toArray() : new int[0];
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(options.seed());
    this.bestFirst = new BestFirst(vocabSize);
    this.scores = new float[vocabSize];
    this.kept = new int[vocabSize];
    this.weights = new double[vocabSize];
    this.penalised = new BitSet(vocabSize);
  }

  /// The best tokens with natural-log probabilities, before any sampling rule.
  ///
  /// @param logits raw scores, `[vocabSize]` from `offset`
  List<Token.Candidate> top(float[] logits, int offset) {
    int count = Math.min(options.topCount(), scores.length);
    if (count == 0) {
      return List.of();
    }
    double logSum = logSumExp(logits, offset);
    List<Token.Candidate> top = new ArrayList<>(count);
    bestFirst.start(logits, offset);
    for (int i = 0; i < count; i++) {
      int id = bestFirst.next();
      top.add(new Token.Candidate(id, (float) (logits[offset + id] - logSum)));
    }
    return top;
  }

  /// Draws one id.
  ///
  /// @param logits raw scores, `[vocabSize]` from `offset`; not changed
  /// @param recent the sequence so far, whose last `repeatWindow` ids are penalised
  int draw(float[] logits, int offset, PromptSequence recent) {
    System.arraycopy(logits, offset, scores, 0, scores.length);
    for (int id : never) {
      scores[id] = Float.NEGATIVE_INFINITY;
    }
    penalise(recent);
    if (constraint != null) {
      if (options.temperature() == 0) {
        int best = best();
        if (constraint.allows(best)) {
          return best; // most often: saves the mask
        }
      }
      forbid(constraint.mask());
    }
    return options.temperature() == 0 ? best() : drawFrom(keep());
  }

  private void forbid(long[] allowed) {
    boolean isAnyLeft = false;
    for (int id = 0; id < scores.length; id++) {
      if ((allowed[id >> 6] >>> id & 1) == 0) {
        scores[id] = Float.NEGATIVE_INFINITY;
      } else {
        isAnyLeft |= scores[id] > Float.NEGATIVE_INFINITY;
      }
    }
    if (!isAnyLeft) {
      throw new InvalidRequestException(
          "grammar: no token of the vocabulary can follow the answer so far");
    }
  }

  /// Goes on behind a token that was drawn and ends nothing.
  void accept(int id) {
    if (constraint != null) {
      constraint.accept(id);
    }
  }

  /// Whether the grammar lets nothing follow.
  boolean isComplete() {
    return constraint != null && constraint.isComplete();
  }

  /// Time in which a grammar said what may follow.
  Duration grammarTime() {
    return constraint == null ? Duration.ZERO : constraint.time();
  }

  private void penalise(PromptSequence recent) {
    if (options.repeatPenalty() == 1) {
      return;
    }
    penalised.clear();
    int start = Math.max(0, recent.length() - options.repeatWindow());
    for (int i = start; i < recent.length(); i++) {
      int id = recent.id(i);
      if (id != PromptSequence.IMAGE && !penalised.get(id)) {
        penalised.set(id); // once, however often it came up
        float score = scores[id];
        scores[id] = score > 0 ? score / options.repeatPenalty() : score * options.repeatPenalty();
      }
    }
  }

  private int best() {
    int best = 0;
    for (int id = 1; id < scores.length; id++) {
      if (scores[id] > scores[best]) {
        best = id;
      }
    }
    return best;
  }

  /// Puts the ids that pass top-k, top-p and min-p into `kept`, best first, and returns how many:
  /// one at least. Weights are relative to the best id's.
  private int keep() {
    bestFirst.start(scores, 0);
    int countMax = options.topK() == 0 ? scores.length : Math.min(options.topK(), scores.length);
    int popped = 0;
    double total = 0;
    if (options.topK() == 0) {
      total = Math.exp(logSumExp(scores, 0) - max(scores, 0, scores.length));
    } else {
      while (popped < countMax) {
        total += pop(popped++);
      }
    }
    int count = 0;
    double mass = 0;
    while (count < countMax && mass < options.topP() * total) {
      if (count == popped) {
        pop(popped++);
      }
      if (weights[count] < options.minP() || weights[count] == 0) {
        break;
      }
      mass += weights[count++];
    }
    return Math.max(1, count);
  }

  private double pop(int index) {
    kept[index] = bestFirst.next();
    weights[index] = Math.exp((double) scores[kept[index]] - scores[kept[0]]);
    return weights[index];
  }

  private int drawFrom(int count) {
    double max = scores[kept[0]];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((scores[kept[i]] - max) / options.temperature());
      sum += weights[i];
    }
    double point = random.nextDouble() * sum;
    for (int i = 0; i < count - 1; i++) {
      point -= weights[i];
      if (point < 0) {
        return kept[i];
      }
    }
    return kept[count - 1];
  }

  private static double max(float[] values, int offset, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + length; i++) {
      max = Math.max(max, values[i]);
    }
    return max;
  }

  private double logSumExp(float[] values, int offset) {
    double max = max(values, offset, scores.length);
    double sum = 0;
    for (int i = offset; i < offset + scores.length; i++) {
      sum += Math.exp(values[i] - max);
    }
    return max + Math.log(sum);
  }
}
