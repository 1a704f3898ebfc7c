// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fit of scale and min to a group.
class AffineFitTest {
  private final AffineFit fit = new AffineFit(32, 15);

  @Test
  void findsTheScaleAndMinThatMadeAGroup() {
    Random random = new Random(1);
    for (int trial = 0; trial < 200; trial++) {
      float scale = random.nextFloat() + 0.1f;
      float min = random.nextFloat() * 4;
      var x = new float[32];
      for (int i = 0; i < 32; i++) {
        int q = i < 2 ? 15 * i : random.nextInt(16); // both ends occur
        x[i] = scale * q - min;
      }
      fit.fit(x, 0);
      assertEquals(scale, fit.scale(), 1e-4 * scale);
      assertEquals(min, fit.min(), 1e-4 * (1 + min));
    }
  }

  @Test
  void groupsOfOneNumber() {
    fit.fit(new float[32], 0);
    assertEquals(0, fit.scale());
    assertEquals(0, fit.min());
    for (float value : new float[] {-3, 5, 1e-6f, -6e4f}) {
      var x = new float[32];
      java.util.Arrays.fill(x, value);
      fit.fit(x, 0);
      // A min is not negative: what is positive takes a level.
      float error = Math.abs(nearest(value) - value);
      assertTrue(error <= 1e-6 * Math.abs(value), "%s is off by %s".formatted(value, error));
    }
  }

  private float nearest(float value) {
    if (fit.scale() == 0) {
      return -fit.min();
    }
    int q = Math.clamp(Math.round((value + fit.min()) / fit.scale()), 0, 15);
    return fit.scale() * q - fit.min();
  }

  @Test
  void isBetterThanTheExtremesAlone() {
    Random random = new Random(2);
    double fitted = 0;
    double plain = 0;
    for (int trial = 0; trial < 500; trial++) {
      var x = new float[32];
      float low = 0;
      float high = 0;
      for (int i = 0; i < 32; i++) {
        x[i] = (float) random.nextGaussian();
        low = Math.min(low, x[i]);
        high = Math.max(high, x[i]);
      }
      fit.fit(x, 0);
      fitted += error(x, fit.scale(), fit.min());
      plain += error(x, (high - low) / 15, -low);
    }
    assertTrue(fitted < 0.9 * plain, "%s and %s".formatted(fitted, plain));
  }

  private static double error(float[] x, float scale, float min) {
    double sum = 0;
    for (float v : x) {
      int q = Math.clamp(Math.round((v + min) / scale), 0, 15);
      double e = scale * q - min - v;
      sum += e * e;
    }
    return sum;
  }
}
