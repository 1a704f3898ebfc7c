// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.BackendContract;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.OpCase;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/// Every op in F16 on the simulator's MDLA, with MediaTek's RMS norm.
///
/// An F16 is off by up to 2^-11 of itself, by 8e-8 on average when squared. A handful of roundings
/// on the way, of inputs, weights and intermediate results, come to 1e-6; sums that cancel lose
/// more.
class SimulatedF16Test extends BackendContract {
  private static final double F16 = 4e-6;

  final Simulator simulator = Simulator.load();

  @AfterAll
  void clean() {
    simulator.assertNoViolation();
  }

  /// Attention, norms and rotation run in F16, whatever else does.
  @Override
  protected BackendProvider provider() {
    return SimulatedDevice.of(simulator, SimulatedDevice.MDLA, precision());
  }

  Precision precision() {
    return Precision.F16;
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }

  @Override
  protected Optional<String> exemption(OpCase opCase) {
    return opCase.fill() == Fill.EXTREME || opCase.fill() == Fill.DENORMAL
        ? Optional.of("F16 holds no numbers of 1e30 or 1e-39")
        : Optional.empty();
  }

  @Override
  protected double tolerance(OpCase opCase) {
    // The contract allows more where few outputs can all be small by cancellation.
    boolean isCancelling = opCase.tolerance() > 1e-8;
    double rounding = isCancelling ? 50 * F16 : F16;
    return opCase.name().contains("BF16") ? rounding + 1e-5 : rounding;
  }

  @Override
  protected double loosened(double tolerance) {
    return 5 * F16; // graphs of up to 35 nodes
  }
}
