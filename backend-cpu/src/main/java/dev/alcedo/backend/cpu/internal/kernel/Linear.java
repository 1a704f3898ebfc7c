// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.backend.cpu.internal.pool.Scratch;
import org.jspecify.annotations.Nullable;

/// The weight of a linear layer in the form that its kernels read. Any thread; no state.
public interface Linear {
  /// The form of the left operand.
  Operand.Form form();

  /// Output columns.
  int n();

  /// Length of the products' sums.
  int k();

  /// Output columns that belong together: ranges given to [#run] start at multiples of it.
  int grain();

  /// Computes output columns `from..to-1` of `y = x weightᵀ + bias`.
  ///
  /// @param x of the form [#form()], prepared with `rows` rows
  /// @param bias `[n]`
  /// @param y `[rows, n]`
  void run(
      Operand x, int rows, float @Nullable [] bias, float[] y, int from, int to, Scratch scratch);
}
