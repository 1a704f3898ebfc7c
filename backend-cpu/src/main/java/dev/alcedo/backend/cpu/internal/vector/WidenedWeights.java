// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.scalar.ScalarWeights;
import dev.alcedo.backend.cpu.internal.scalar.WeightReader;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Weights without kernels of their own: widened to floats by their definition, a row or a panel at
/// a time, then multiplied by vectors. Prefill spreads the widening over all rows of a chunk;
/// decode is several times slower than with a kernel.
record WidenedWeights(WeightReader reader) implements VectorWeights {
  WidenedWeights(DType dtype) {
    this(ScalarWeights.of(dtype));
  }

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    reader.read(data, offset, count, y, yOffset);
  }
}
