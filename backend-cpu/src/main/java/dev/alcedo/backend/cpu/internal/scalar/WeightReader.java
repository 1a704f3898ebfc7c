// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;

/// Turns the weights of one dtype into floats: the definition of what their bytes mean.
@FunctionalInterface
public interface WeightReader {
  /// Reads `count` elements, a whole number of quant blocks, from byte `offset` on.
  void read(MemorySegment data, long offset, int count, float[] y, int yOffset);
}
