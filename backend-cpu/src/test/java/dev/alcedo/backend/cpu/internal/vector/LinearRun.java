// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// A linear layer run as graphs run it, piece after piece.
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
}
