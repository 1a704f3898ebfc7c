// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.testkit.OpCase;

/// Every op with weights rounded to 8 bits and a scale for each row.
///
/// Of normal numbers the largest of a row is 3 to 4 times their root mean square, so that a quant
/// is off by up to 4 / 254, squared and on average 8e-5; the tails of random blocks, whose scales
/// are normal themselves, make that 1e-3.
class SimulatedW8A16Test extends SimulatedF16Test {
  @Override
  Precision precision() {
    return Precision.W8A16;
  }

  @Override
  protected double tolerance(OpCase opCase) {
    if (!opCase.name().startsWith("matMul")) {
      return super.tolerance(opCase);
    }
    return opCase.tolerance() > 1e-8 ? 3e-2 : 3e-3; // few outputs may be small by cancellation
  }

  @Override
  protected double loosened(double tolerance) {
    return 1e-3;
  }
}
