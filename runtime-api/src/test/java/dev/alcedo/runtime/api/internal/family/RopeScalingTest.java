// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RopeScalingTest {
  private static final int HEAD = 64;
  private static final float BASE = 10_000f;

  private static RopeScaling of(Map<String, Object> scaling) {
    var values = new HashMap<String, Object>();
    values.put("general.architecture", "llama");
    scaling.forEach((key, value) -> values.put("llama.rope.scaling." + key, value));
    return RopeScaling.read(new Metadata("m.gguf", values), 2048);
  }

  private static RopeScaling yarn(double factor) {
    return of(Map.of("type", "yarn", "factor", factor, "original_context_length", 1024L));
  }

  // Pair i makes original * base^(-2i / head) / (2 pi) turns within the original context. By the
  // paper's bounds those of more than 32 turns stay, those of fewer than one are stretched.
  @Test
  void pairsAreStretchedByTheirTurns() {
    float[] divisors = yarn(8).divisors(HEAD, BASE);
    assertEquals(HEAD / 2, divisors.length);
    for (int i = 0; i < divisors.length; i++) {
      double turns = 1024 * Math.pow(BASE, -2.0 * i / HEAD) / (2 * Math.PI);
      if (turns > 64) {
        assertEquals(1f, divisors[i], "pair " + i);
      } else if (turns < 0.5) {
        assertEquals(8f, divisors[i], 1e-5f, "pair " + i);
      }
      assertTrue(i == 0 || divisors[i] >= divisors[i - 1], "pair " + i);
    }
  }

  @Test
  void betweenTheBoundsFrequenciesAreMixed() {
    float[] divisors = yarn(8).divisors(HEAD, BASE);
    // floor(64 ln(1024 / (32 2 pi)) / (2 ln 10000)) = 5, ceil(64 ln(1024 / (2 pi)) / ...) = 18.
    double share = (10 - 5) / 13.0;
    assertEquals(1 / (share / 8 + 1 - share), divisors[10], 1e-5);
    assertEquals(1f, divisors[5]);
    assertEquals(8f, divisors[18], 1e-5f);
  }

  @Test
  void magnitudeGrowsWithTheLogarithmOfTheFactor() {
    assertEquals(1 + 0.1 * Math.log(8), yarn(8).magnitude(), 1e-6);
    assertEquals(1f, yarn(0.5).magnitude());
    assertEquals(1f, of(Map.of("type", "linear", "factor", 8.0)).magnitude());
    assertEquals(1.19f, of(Map.of("type", "longrope", "attn_factor", 1.19)).magnitude());
  }

  @Test
  void aFactorOfOneStretchesNothing() {
    assertFalse(yarn(1).isByParts());
    assertEquals(1f, yarn(1).freqScale());
  }

  @Test
  void theTrainedLengthStandsInForTheOriginal() {
    assertEquals(2048, of(Map.of()).originalContextLength());
    assertEquals(2048, of(Map.of("original_context_length", 0L)).originalContextLength());
  }

  @Test
  void theAttentionFactorMustBeAboveZero() {
    var e = assertThrows(ModelFormatException.class, () -> of(Map.of("attn_factor", 0.0)));
    assertTrue(e.getMessage().contains("'llama.rope.scaling.attn_factor'"), e.getMessage());
  }
}
