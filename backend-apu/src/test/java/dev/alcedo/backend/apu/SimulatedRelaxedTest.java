// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.lower.Precision;

/// Every op in F32 that the simulator's MDLA computes in F16.
class SimulatedRelaxedTest extends SimulatedF16Test {
  @Override
  Precision precision() {
    return Precision.RELAXED;
  }
}
