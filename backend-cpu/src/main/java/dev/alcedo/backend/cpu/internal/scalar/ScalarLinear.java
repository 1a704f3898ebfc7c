// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.backend.cpu.internal.kernel.MappedLinear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.tensor.TensorView;
import org.jspecify.annotations.Nullable;

/// `y[i, j] = sum over k of x[i, k] * weight[j, k] + bias[j]`, the sum in double: its error is that
/// of the result's rounding, so that it measures the order in which others add.
public record ScalarLinear(TensorView weight) implements MappedLinear {
  private static final int WEIGHT_ROW = 0;

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

  /// To the nearest number of 11 significant bits, those of an F16, ties to even. A NaN stays one.
  static void roundToF16Digits(float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = roundToF16Digits(x[xOffset + i]);
    }
  }

  /// The same for one number.
  public static float roundToF16Digits(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.isNaN(x) ? x : Float.intBitsToFloat(bits + 0xFFF + (bits >>> 13 & 1) & ~0x1FFF);
  }

  @Override
  public int grain() {
    return 1;
  }

  @Override
  public void run(
      Operand operand,
      int rows,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to,
      Scratch scratch) {
    float[] x = ((ScalarOperand) operand).rows();
    int k = k();
    float[] w = scratch.floats(WEIGHT_ROW, k);
    for (int j = from; j < to; j++) {
      ScalarWeights.readRow(weight, j, w, 0);
      for (int i = 0; i < rows; i++) {
        double sum = bias == null ? 0 : bias[j];
        for (int c = 0; c < k; c++) {
          sum += (double) x[i * k + c] * w[c];
        }
        y[i * n() + j] = (float) sum;
      }
    }
  }
}
