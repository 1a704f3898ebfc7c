// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import java.util.Random;

/// Kinds of numbers that activations are made of.
public enum Fill {
  /// Normal distribution, what models really have.
  GAUSSIAN,
  /// Zeros of both signs.
  ZERO,
  /// The largest and smallest normal numbers of both signs, and some between.
  EXTREME,
  /// Subnormal numbers. Devices may flush them to zero.
  DENORMAL;

  private static final float[] EXTREMES = {
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    1e30f,
    -1e30f,
    88.8f,
    -88.8f,
    104f,
    -104f,
    1f,
    -1f,
    0f
  };

  /// `length` numbers of this kind.
  public float[] floats(int length, Random random) {
    var x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] =
          switch (this) {
            case GAUSSIAN -> (float) random.nextGaussian();
            case ZERO -> random.nextBoolean() ? 0f : -0f;
            case EXTREME -> EXTREMES[random.nextInt(EXTREMES.length)];
            case DENORMAL ->
                Float.intBitsToFloat(random.nextInt(1 << 23)) * (random.nextBoolean() ? 1 : -1);
          };
    }
    return x;
  }
}
