// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.backend.cpu.internal.vector.packed.PackedWeights;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.BackendContract;
import dev.alcedo.testkit.OpCase;
import dev.alcedo.testkit.OpCases;
import java.util.Optional;

/// The vector kernels against the scalar ones; the build runs this at each width.
class CpuBackendTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendProvider referenceProvider() {
    return new ScalarBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return new BackendOptions(2, Optional.empty());
  }

  /// Activations of layers with packed weights are rounded to 8 bits. Gaussian ones have a largest
  /// of 32 of about 2.1, so a step of 2.1 / 127 and a variance of a twelfth of its square: 2.3e-5
  /// of the mean square. Weights with minima are no Gaussian noise, their products cancel: ten
  /// times as much; and where there are few outputs, all may be small by cancellation.
  /// PackedLinearTest measures everything but the rounding, to 2^-17.
  @Override
  protected double tolerance(OpCase opCase) {
    boolean isPacked =
        opCase.graph().nodes().stream()
            .filter(node -> node.op() instanceof Op.MatMul || node.op() instanceof Op.PatchEmbed)
            .anyMatch(node -> PackedWeights.isPacked(node.inputs().get(1).dtype()));
    return isPacked
        ? Math.max(opCase.tolerance(), opCase.tolerance() > OpCases.SUMS ? 1e-2 : 2.5e-4)
        : opCase.tolerance();
  }

  /// Both round q and the probabilities; of these some lie so near an edge that the other sum takes
  /// the neighbour, 2^-11 away: seldom, so that the mean square is far below 2^-22.
  @Override
  protected double cacheTolerance(DType cacheDtype) {
    return cacheDtype == DType.F16 ? 2e-8 : super.cacheTolerance(cacheDtype);
  }
}
