// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.scalar.ScalarWeights;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.function.IntToDoubleFunction;

/// A linear layer run as graphs run it, piece after piece, and what it should compute.
public final class LinearRun {
  private LinearRun() {}

  /// `x W^T + bias`, `[rows, n]`.
  public static float[] result(
      Linear linear, Operand operand, float[] x, int rows, float[] bias, Scratch scratch) {
    int n = linear.n();
    int k = linear.k();
    operand.reserve(rows, k);
    for (int i = 0; i < operand.units(rows, k); i++) {
      operand.prepare(x, rows, k, i, scratch);
    }
    var y = new float[rows * n];
    for (int from = 0; from < n; from += linear.grain()) {
      linear.run(operand, rows, bias, y, from, Math.min(n, from + linear.grain()), scratch);
    }
    return y;
  }

  /// Holds `y` to `x W^T + bias`, summed up in doubles.
  ///
  /// @param x activation `[rows, k]` by its index
  /// @param tolerance in sums of the products' magnitudes
  public static void check(
      TensorView weight,
      IntToDoubleFunction x,
      int rows,
      float[] bias,
      float[] y,
      double tolerance) {
    int n = weight.shape().dim(0);
    int k = weight.shape().cols();
    var w = new float[k];
    for (int j = 0; j < n; j++) {
      ScalarWeights.readRow(weight, j, w, 0);
      for (int i = 0; i < rows; i++) {
        double sum = bias[j];
        double size = Math.abs(bias[j]);
        for (int c = 0; c < k; c++) {
          double product = x.applyAsDouble(i * k + c) * w[c];
          sum += product;
          size += Math.abs(product);
        }
        assertEquals(
            sum,
            y[i * n + j],
            tolerance * size,
            "%s [%d, %d], row %d of %d, column %d".formatted(weight.dtype(), n, k, i, rows, j));
      }
    }
  }
}
