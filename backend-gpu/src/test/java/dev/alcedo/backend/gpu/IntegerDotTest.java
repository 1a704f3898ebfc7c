// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.backend.gpu.internal.compile.IntegerDot;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.BackendContract;
import dev.alcedo.testkit.OpCase;
import dev.alcedo.testkit.OpCases;

/// Every op with products in 8 bits, which a device without them computes byte by byte to the same
/// numbers.
class IntegerDotTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new TestDevice(true, new Features(IntegerDot.EMULATED));
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }

  /// Activations of single rows are rounded to 8 bits. Gaussian ones have a largest of 32 of about
  /// 2.1, so a step of 2.1 / 127 and a variance of a twelfth of its square: 2.3e-5 of the mean
  /// square, times two for the largest of a few hundred cases. Where there are few outputs, all may
  /// be small by cancellation.
  @Override
  protected double tolerance(OpCase opCase) {
    return opCase.itemCount() == 1 && opCase.graph().nodes().stream().anyMatch(this::isRounded)
        ? Math.max(opCase.tolerance(), opCase.tolerance() > OpCases.SUMS ? 1e-2 : 5e-5)
        : opCase.tolerance();
  }

  private boolean isRounded(Node node) {
    return node.op() instanceof Op.MatMul
        && (node.inputs().get(1).dtype() == DType.Q4_0
            || node.inputs().get(1).dtype() == DType.Q8_0);
  }
}
