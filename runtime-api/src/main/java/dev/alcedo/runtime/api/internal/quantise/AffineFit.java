// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

/// Fits `x = scale q - min`, q from 0 to `levelMax`, scale and min not negative, to one group.
///
/// Large elements count more: an element's weight is its magnitude plus the group's root mean
/// square, as in ggml's quantisers. For given q the best scale and min are those of weighted least
/// squares; the q are what a trial scale makes of x. So several trial scales are tried, around the
/// one that maps the extremes to 0 and `levelMax`, and the best is refined: x rounded with the
/// fitted scale and min, and these fitted again.
final class AffineFit {
  private static final int TRIALS = 10; // on each side
  private static final float TRIAL_STEP = 0.1f;
  private static final int REFINEMENTS = 2;

  private final int length;
  private final int levelMax;
  private final float[] weights;
  private final float[] levels;
  private float scale;
  private float min;
  private float error;

  AffineFit(int length, int levelMax) {
    this.length = length;
    this.levelMax = levelMax;
    this.weights = new float[length];
    this.levels = new float[length];
  }

  /// The scale of the last fit.
  float scale() {
    return scale;
  }

  /// The min of the last fit.
  float min() {
    return min;
  }

  void fit(float[] x, int at) {
    float low = 0;
    float high = Float.NEGATIVE_INFINITY;
    float squares = 0;
    for (int i = 0; i < length; i++) {
      low = Math.min(low, x[at + i]);
      high = Math.max(high, x[at + i]);
      squares += x[at + i] * x[at + i];
    }
    scale = 0;
    min = 0 - low; // not -0
    if (high <= low) {
      return; // all alike, and not positive
    }
    float mean = (float) Math.sqrt(squares / length);
    for (int i = 0; i < length; i++) {
      weights[i] = mean + Math.abs(x[at + i]);
    }
    error = Float.POSITIVE_INFINITY;
    for (int t = -TRIALS; t <= TRIALS; t++) {
      tryLevels(x, at, (levelMax + t * TRIAL_STEP) / (high - low), -low);
    }
    for (int r = 0; r < REFINEMENTS && scale > 0; r++) {
      if (!tryLevels(x, at, 1 / scale, min)) {
        return;
      }
    }
  }

  /// Whether the levels of `(x + offset) * inverse` give a better fit, which is taken then.
  private boolean tryLevels(float[] x, int at, float inverse, float offset) {
    float w = 0;
    float wq = 0;
    float wqq = 0;
    float wx = 0;
    float wxq = 0;
    for (int i = 0; i < length; i++) {
      float v = Math.clamp((x[at + i] + offset) * inverse + 0.5f, 0, levelMax);
      float q = (int) v;
      levels[i] = q;
      w += weights[i];
      wq += weights[i] * q;
      wqq += weights[i] * q * q;
      wx += weights[i] * x[at + i];
      wxq += weights[i] * x[at + i] * q;
    }
    float determinant = w * wqq - wq * wq;
    float s = (w * wxq - wx * wq) / determinant;
    float m = (wq * wxq - wqq * wx) / determinant;
    if (!(determinant > 0 && m > 0)) {
      m = 0; // also where all levels are the same, which leaves scale and min undecided
      s = wxq / wqq;
    }
    if (!(s >= 0)) {
      return false;
    }
    float sum = 0;
    for (int i = 0; i < length; i++) {
      float e = s * levels[i] - m - x[at + i];
      sum += weights[i] * e * e;
    }
    if (!(sum < error)) {
      return false;
    }
    error = sum;
    scale = s;
    min = m;
    return true;
  }
}
