// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where the lowering has the elements of constants from: the real ones for compiling, any memory
/// of the right size for asking a driver what it supports.
public interface ConstantSource {
  /// The elements of `value` in the network's precision, in native memory that stays until the
  /// network is compiled.
  MemorySegment elements(Value value);

  /// As [#elements], with the columns of each row in another order.
  ///
  /// @param order for each column of the result, which column it was
  MemorySegment permuted(Value value, int[] order);

  /// The elements of a matrix as signed bytes of -127 to 127, each row with a scale of its own.
  Quantised quantised(Value value);

  /// A matrix in 8 bits.
  ///
  /// @param quants row after row
  /// @param largest of each row, for which 127 stands; 0 for rows of zeros
  record Quantised(MemorySegment quants, float[] largest) {}

  /// The elements of a vector in F32, whatever the precision.
  MemorySegment floats(Value value);

  /// Zeroed memory for `count` elements that the lowering fills itself.
  MemorySegment scratch(long count);

  /// Owns all this memory.
  Arena arena();
}
