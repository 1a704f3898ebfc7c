// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.scalar.ScalarWeights;
import dev.alcedo.backend.cpu.internal.scalar.WeightReader;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Weights widened to floats by their definition: those that layers read packed, so that only
/// embeddings read them as they are in the file, and those that have no kernel at some width.
record WidenedWeights(WeightReader reader) implements VectorWeights {
  WidenedWeights(DType dtype) {
    this(ScalarWeights.of(dtype));
  }

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    reader.read(data, offset, count, y, yOffset);
  }
}
