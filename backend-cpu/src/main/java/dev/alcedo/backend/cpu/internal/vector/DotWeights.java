// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import java.lang.foreign.MemorySegment;

/// Weights that decode multiplies where they are mapped.
interface DotWeights extends VectorWeights {
  /// The dot product of `count` elements, a whole number of quant blocks, with x.
  float dot(MemorySegment data, long offset, int count, float[] x, int xOffset);
}
