// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Value;
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

  /// The elements of a matrix as signed bytes of -127 to 127 and what each row's are multiplied by.
  Quantised quantised(Value value);

  /// A matrix in 8 bits.
  ///
  /// @param quants row after row; 127 stands for 1
  /// @param scales of each row, in the network's precision
  record Quantised(MemorySegment quants, MemorySegment scales) {}

  /// The elements of a vector in F32, whatever the precision.
  MemorySegment floats(Value value);

  /// Memory for `count` elements that the lowering fills itself.
  MemorySegment scratch(long count);
}
