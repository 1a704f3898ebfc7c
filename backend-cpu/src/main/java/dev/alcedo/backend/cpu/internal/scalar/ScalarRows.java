// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

/// Softmax, norms, means and argmax of a row. Sums are taken in double.
final class ScalarRows {
  private ScalarRows() {}

  static void softmax(float[] x, int xOffset, float[] y, int yOffset, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      max = Math.max(max, x[xOffset + i]);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double e = Math.exp((double) x[xOffset + i] - max);
      y[yOffset + i] = (float) e;
      sum += e;
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = (float) (y[yOffset + i] / sum);
    }
  }

  static void rmsNorm(float eps, float[] weight, float[] x, int xOffset, float[] y, int yOffset) {
    double sum = 0;
    for (int i = 0; i < weight.length; i++) {
      sum += (double) x[xOffset + i] * x[xOffset + i];
    }
    double factor = 1 / Math.sqrt(sum / weight.length + eps);
    for (int i = 0; i < weight.length; i++) {
      y[yOffset + i] = (float) (x[xOffset + i] * factor) * weight[i];
    }
  }

  static void layerNorm(
      float eps, float[] weight, float[] bias, float[] x, int xOffset, float[] y, int yOffset) {
    double sum = 0;
    for (int i = 0; i < weight.length; i++) {
      sum += x[xOffset + i];
    }
    double mean = sum / weight.length;
    double squares = 0;
    for (int i = 0; i < weight.length; i++) {
      double d = x[xOffset + i] - mean;
      squares += d * d;
    }
    double factor = 1 / Math.sqrt(squares / weight.length + eps);
    for (int i = 0; i < weight.length; i++) {
      y[yOffset + i] = (float) ((x[xOffset + i] - mean) * factor) * weight[i] + bias[i];
    }
  }

  /// A NaN is never larger, so it is only found if it comes first and nothing is a number.
  static int argmax(float[] x, int xOffset, int length) {
    int best = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      if (x[xOffset + i] > max) {
        max = x[xOffset + i];
        best = i;
      }
    }
    return best;
  }

  static void mean(float[] x, int xOffset, int stride, int size, int cols, float[] y, int yOffset) {
    for (int c = 0; c < cols; c++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          sum += x[xOffset + i * stride + j * cols + c];
        }
      }
      y[yOffset + c] = (float) (sum / (size * size));
    }
  }
}
