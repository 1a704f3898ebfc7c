// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;

/// RMS norm and layer norm of a row as long as its weights.
final class Norms {
  private Norms() {}

  static void rms(float eps, float[] weight, float[] x, int xo, float[] y, int yo) {
    float squares = Rows.dot(x, xo, x, xo, weight.length);
    float factor = (float) (1 / Math.sqrt((double) squares / weight.length + eps));
    int i = 0;
    for (; i <= weight.length - LENGTH; i += LENGTH) {
      load(x, xo + i).mul(factor).mul(load(weight, i)).intoArray(y, yo + i);
    }
    for (; i < weight.length; i++) {
      y[yo + i] = x[xo + i] * factor * weight[i];
    }
  }

  static void layer(float eps, float[] weight, float[] bias, float[] x, int xo, float[] y, int yo) {
    float mean = Rows.sum(x, xo, weight.length) / weight.length;
    float variance = squaredDeviations(mean, x, xo, weight.length) / weight.length;
    float factor = (float) (1 / Math.sqrt((double) variance + eps));
    int i = 0;
    for (; i <= weight.length - LENGTH; i += LENGTH) {
      load(x, xo + i)
          .sub(mean)
          .mul(factor)
          .fma(load(weight, i), load(bias, i))
          .intoArray(y, yo + i);
    }
    for (; i < weight.length; i++) {
      y[yo + i] = (x[xo + i] - mean) * factor * weight[i] + bias[i];
    }
  }

  /// From the mean that is already known: the difference of two sums of squares would cancel.
  private static float squaredDeviations(float mean, float[] x, int xo, int length) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = s0;
    int i = 0;
    for (; i <= length - 2 * LENGTH; i += 2 * LENGTH) {
      FloatVector d0 = load(x, xo + i).sub(mean);
      FloatVector d1 = load(x, xo + i + LENGTH).sub(mean);
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
    }
    float sum = Lanes.sum(s0.add(s1));
    for (; i < length; i++) {
      sum += (x[xo + i] - mean) * (x[xo + i] - mean);
    }
    return sum;
  }
}
