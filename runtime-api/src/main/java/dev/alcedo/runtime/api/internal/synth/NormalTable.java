// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

/// Quantiles of the standard normal distribution: an even draw of an index is a normal draw of a
/// value, to one part in [#SIZE].
final class NormalTable {
  /// Values; a power of two.
  static final int SIZE = 1 << 12;

  private static final float[] QUANTILES = quantiles();

  private NormalTable() {}

  /// Normal values around `mean`, by index.
  static float[] of(double mean, double deviation) {
    var table = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      table[i] = (float) (mean + deviation * QUANTILES[i]);
    }
    return table;
  }

  // The middles of SIZE equal slices of probability, found by walking the density with the
  // trapezoid rule in steps of 2^-12: exact to three digits, which is all that noise needs.
  private static float[] quantiles() {
    var out = new float[SIZE];
    double step = 1.0 / 4096;
    double below = 0.5;
    double x = 0;
    for (int i = SIZE / 2; i < SIZE; i++) {
      double wanted = (i + 0.5) / SIZE;
      while (below < wanted) {
        below += step * (density(x) + density(x + step)) / 2;
        x += step;
      }
      out[i] = (float) x;
      out[SIZE - 1 - i] = (float) -x;
    }
    return out;
  }

  // StrictMath: the same on every machine.
  private static double density(double x) {
    return StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * StrictMath.PI);
  }
}
