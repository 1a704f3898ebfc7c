// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// Activations as they are, or rounded.
final class ScalarOperand implements Operand {
  private final Form form;
  private float[] rounded = {};
  private float[] x = {};

  /// @param form PLAIN, BF16 or F16
  ScalarOperand(Form form) {
    this.form = form;
  }

  private boolean isRounded() {
    return form != Form.PLAIN;
  }

  @Override
  public void reserve(int rowsMax, int k) {
    int length = isRounded() ? Math.multiplyExact(rowsMax, k) : 0;
    if (rounded.length < length) {
      rounded = new float[length];
    }
  }

  @Override
  public long byteSize() {
    return 4L * rounded.length;
  }

  @Override
  public int units(int rows, int k) {
    return isRounded() ? rows : 1;
  }

  @Override
  public void prepare(float[] from, int rows, int k, int unit, Scratch scratch) {
    switch (form) {
      case BF16 -> ScalarLinear.roundToBf16(from, unit * k, rounded, unit * k, k);
      case F16 -> ScalarLinear.roundToF16Digits(from, unit * k, rounded, unit * k, k);
      default -> {}
    }
    x = isRounded() ? rounded : from;
  }

  /// `[rows, k]`.
  float[] rows() {
    return x;
  }
}
