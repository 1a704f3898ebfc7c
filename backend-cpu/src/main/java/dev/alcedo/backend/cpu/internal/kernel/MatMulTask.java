// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.tensor.TensorView;
import org.jspecify.annotations.Nullable;

/// One linear layer over its buffers: `y = x weightᵀ + bias`.
///
/// @param x `[rows, k]`
/// @param packed what [Kernels#pack] made of x, if it packs
/// @param weight `[n, k]`, native memory
/// @param bias `[n]`
/// @param y `[rows, n]`
public record MatMulTask(
    float[] x, float[] packed, TensorView weight, float @Nullable [] bias, float[] y) {
  /// Output columns.
  public int n() {
    return weight.shape().dim(0);
  }

  /// Length of the products' sums.
  public int k() {
    return weight.shape().cols();
  }
}
