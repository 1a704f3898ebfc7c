// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;

/// A layer on a weight that is read where it is, row by row as files have it.
public interface MappedLinear extends Linear {
  /// `[n, k]`.
  TensorView weight();

  @Override
  default Operand.Form form() {
    return weight().dtype() == DType.BF16 ? Operand.Form.BF16 : Operand.Form.PLAIN;
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
