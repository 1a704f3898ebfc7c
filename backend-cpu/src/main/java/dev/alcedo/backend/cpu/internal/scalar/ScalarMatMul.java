// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.backend.cpu.internal.kernel.MatMulTask;
import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// `y[i, j] = sum over k of x[i, k] * weight[j, k] + bias[j]`, the sum in double: its error is that
/// of the result's rounding, so that it measures the order in which others add.
public final class ScalarMatMul {
  private static final int WEIGHT_ROW = 0;

  private ScalarMatMul() {}

  /// To the nearest number of 8 significant bits, ties to even. A NaN stays one.
  static void roundToBf16(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = roundToBf16(x[xOffset + i]);
    }
  }

  /// The same for one number.
  public static float roundToBf16(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.isNaN(x) ? x : Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & ~0xFFFF);
  }

  static void run(MatMulTask task, int rows, int from, int to, Scratch scratch) {
    int k = task.k();
    int n = task.n();
    float[] w = scratch.floats(WEIGHT_ROW, k);
    float[] bias = task.bias();
    for (int j = from; j < to; j++) {
      ScalarWeights.readRow(task.weight(), j, w, 0);
      for (int i = 0; i < rows; i++) {
        double sum = bias == null ? 0 : bias[j];
        for (int c = 0; c < k; c++) {
          sum += (double) task.x()[i * k + c] * w[c];
        }
        task.y()[i * n + j] = (float) sum;
      }
    }
  }
}
