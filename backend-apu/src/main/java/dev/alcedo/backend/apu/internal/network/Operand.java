// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// One operand of a network.
///
/// @param dims outermost first; empty for scalars
/// @param quantisation [Quantisation#NONE] for types that are not quantised
/// @param constant its value in native memory; empty for inputs and computed operands
public record Operand(
    NeuronType type,
    List<Integer> dims,
    Quantisation quantisation,
    Optional<MemorySegment> constant) {
  /// Copies the list.
  public Operand {
    dims = List.copyOf(dims);
  }

  /// Elements; 1 for a scalar.
  public long elementCount() {
    long count = 1;
    for (int dim : dims) {
      count = Math.multiplyExact(count, dim);
    }
    return count;
  }

  /// Bytes of all elements.
  public long byteSize() {
    return elementCount() * type.bytes();
  }
}
