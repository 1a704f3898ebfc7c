// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.tensor.TensorView;

/// A layer on a weight that is read where it is, row by row as files have it.
public interface MappedLinear extends Linear {
  /// `[n, k]`.
  TensorView weight();

  @Override
  default Operand.Form form() {
    return switch (weight().dtype()) {
      case BF16 -> Operand.Form.BF16;
      case F16 -> Operand.Form.F16;
      default -> Operand.Form.PLAIN;
    };
  }

  @Override
  default int n() {
    return weight().shape().dim(0);
  }

  @Override
  default int k() {
    return weight().shape().cols();
  }
}
