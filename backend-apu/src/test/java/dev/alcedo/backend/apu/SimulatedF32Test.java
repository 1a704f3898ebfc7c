// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.BackendContract;
import dev.alcedo.testkit.OpCase;
import org.junit.jupiter.api.AfterAll;

/// Every op in F32 on the simulator's CPU: that the lowering is right, to the tolerance of any
/// backend that computes in F32. Norms are decomposed, as the extension is switched off.
class SimulatedF32Test extends BackendContract {
  /// The adapter cannot round activations to BF16 as the op asks for BF16 weights, so each differs
  /// by up to 2^-8 of itself, 1.5e-5 when squared, and by a fifth of that on average.
  private static final double BF16 = 1e-5;

  /// Nor to the 11 digits of an F16 on such weights: an eighth of that, squared, and a bit more.
  private static final double F16 = 2e-7;

  /// The polynomial for the error function is off by 1.5e-7.
  private static final double ERF = 1e-11;

  private final Simulator simulator = Simulator.load();

  @AfterAll
  void clean() {
    simulator.assertNoViolation();
  }

  @Override
  protected BackendProvider provider() {
    simulator.extension(false);
    return SimulatedDevice.of(simulator, SimulatedDevice.CPU, Precision.F32);
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }

  @Override
  protected double tolerance(OpCase opCase) {
    if (opCase.name().contains("BF16")) {
      return Math.max(BF16, opCase.tolerance());
    }
    if (opCase.name().contains("matMulF16")) {
      return Math.max(F16, opCase.tolerance());
    }
    return opCase.name().contains("ERF") ? ERF : opCase.tolerance();
  }
}
