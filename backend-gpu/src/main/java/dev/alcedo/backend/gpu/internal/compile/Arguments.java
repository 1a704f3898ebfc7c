// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;

/// Sets a kernel's arguments one after the other, for kernels whose arguments depend on options.
final class Arguments {
  private final ClKernel kernel;
  private int next;

  Arguments(ClKernel kernel) {
    this.kernel = kernel;
  }

  Arguments buffer(ClBuffer buffer) {
    kernel.buffer(next++, buffer);
    return this;
  }

  Arguments number(int number) {
    kernel.number(next++, number);
    return this;
  }

  Arguments real(float number) {
    kernel.real(next++, number);
    return this;
  }

  /// The position of the next argument.
  int next() {
    return next;
  }
}
