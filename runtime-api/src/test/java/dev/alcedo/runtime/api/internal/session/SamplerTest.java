// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Token;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {1f, 3f, 2f, -1f, 0f};
  private static final PromptSequence NOTHING = new PromptSequence();

  private static GenerationOptions options(
      float temperature, int topK, float topP, float minP, float penalty, long seed) {
    return new GenerationOptions(
        0, temperature, topK, topP, minP, penalty, 64, seed, List.of(), false, 3);
  }

  private static Sampler sampler(GenerationOptions options) {
    return new Sampler(options, LOGITS.length, id -> id == 1, null);
  }

  @Test
  void greedyTakesTheFirstOfTheBest() {
    float[] ties = {0f, 5f, 5f, 1f, 5f};
    assertEquals(1, sampler(GenerationOptions.GREEDY).draw(ties, 0, NOTHING));
  }

  @Test
  void topReportsNaturalLogProbabilitiesBeforeSampling() {
    List<Token.Candidate> top = sampler(options(5, 1, 1, 0, 2, 0)).top(LOGITS, 0);
    double sum = IntStream.range(0, LOGITS.length).mapToDouble(i -> Math.exp(LOGITS[i])).sum();
    assertEquals(List.of(1, 2, 0), top.stream().map(Token.Candidate::id).toList());
    assertEquals(3 - Math.log(sum), top.getFirst().logProbability(), 1e-6);
    assertEquals(1 - Math.log(sum), top.getLast().logProbability(), 1e-6);
  }

  @Test
  void ignoredEndsAreNeverDrawn() {
    var options = new GenerationOptions(0, 0, 0, 1, 0, 1, 64, 0, List.of(), true, 0);
    assertEquals(2, sampler(options).draw(LOGITS, 0, NOTHING));
  }

  @Test
  void repeatPenaltyDividesPositiveAndMultipliesNegativeLogitsOnce() {
    var recent = new PromptSequence();
    recent.addIds(new int[] {1, 1, 1, 3});
    assertEquals(2, sampler(options(0, 0, 1, 0, 2, 0)).draw(LOGITS, 0, recent));
    assertEquals(1, sampler(options(0, 0, 1, 0, 1.4f, 0)).draw(LOGITS, 0, recent));
  }

  @Test
  void penaltyLooksNoFurtherBackThanItsWindow() {
    var recent = new PromptSequence();
    recent.addIds(new int[] {1, 0});
    var options = new GenerationOptions(0, 0, 0, 1, 0, 10, 1, 0, List.of(), false, 0);
    assertEquals(1, sampler(options).draw(LOGITS, 0, recent));
  }

  @Test
  void equalSeedsDrawEqualTokens() {
    var a = sampler(options(2, 0, 1, 0, 1, 7));
    var b = sampler(options(2, 0, 1, 0, 1, 7));
    var c = sampler(options(2, 0, 1, 0, 1, 8));
    var drawnA = IntStream.range(0, 200).map(i -> a.draw(LOGITS, 0, NOTHING)).boxed().toList();
    var drawnB = IntStream.range(0, 200).map(i -> b.draw(LOGITS, 0, NOTHING)).boxed().toList();
    var drawnC = IntStream.range(0, 200).map(i -> c.draw(LOGITS, 0, NOTHING)).boxed().toList();
    assertEquals(drawnA, drawnB);
    assertNotEquals(drawnA, drawnC);
  }

  @Test
  void drawsFollowTheProbabilities() {
    var sampler = sampler(options(1, 0, 1, 0, 1, 3));
    var counts = new int[LOGITS.length];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[sampler.draw(LOGITS, 0, NOTHING)]++;
    }
    double sum = IntStream.range(0, LOGITS.length).mapToDouble(i -> Math.exp(LOGITS[i])).sum();
    for (int id = 0; id < LOGITS.length; id++) {
      double p = Math.exp(LOGITS[id]) / sum;
      double sigma = Math.sqrt(draws * p * (1 - p));
      assertEquals(draws * p, counts[id], 5 * sigma, "id " + id);
    }
  }

  @Test
  void topKAndTopPAndMinPCutTheTail() {
    assertEquals(List.of(1, 2), drawnIds(options(1, 2, 1, 0, 1, 1)));
    // Probabilities are about 0.64, 0.24, 0.09, 0.03, 0.01.
    assertEquals(List.of(1), drawnIds(options(1, 0, 0.6f, 0, 1, 1)));
    assertEquals(List.of(1, 2), drawnIds(options(1, 0, 0.7f, 0, 1, 1)));
    assertEquals(List.of(0, 1, 2), drawnIds(options(1, 0, 1, 0.1f, 1, 1)));
    // Top-p counts within what top-k left: 0.64 / (0.64 + 0.24) is above 0.7.
    assertEquals(List.of(1), drawnIds(options(1, 2, 0.7f, 0, 1, 1)));
  }

  private static List<Integer> drawnIds(GenerationOptions options) {
    var sampler = sampler(options);
    return IntStream.range(0, 3000)
        .map(i -> sampler.draw(LOGITS, 0, NOTHING))
        .distinct()
        .sorted()
        .boxed()
        .toList();
  }

  @Test
  void readsLogitsAtAnOffset() {
    float[] two = new float[2 * LOGITS.length];
    System.arraycopy(LOGITS, 0, two, LOGITS.length, LOGITS.length);
    var sampler = sampler(options(0, 0, 1, 0, 1, 0));
    assertEquals(1, sampler.draw(two, LOGITS.length, NOTHING));
    assertTrue(sampler.top(two, LOGITS.length).getFirst().logProbability() < 0);
  }
}
