// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.ConstantSource;
import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Zeros of the right size: for asking the driver whether it runs a node, and for networks that
/// have no weights.
final class ZeroConstants implements ConstantSource {
  private final Precision precision;
  private final Arena arena;

  ZeroConstants(Precision precision, Arena arena) {
    this.precision = precision;
    this.arena = arena;
  }

  @Override
  public MemorySegment elements(Value value) {
    return scratch(value.shape().elementCount());
  }

  @Override
  public MemorySegment permuted(Value value, int[] order) {
    return elements(value);
  }

  @Override
  public Quantised quantised(Value value) {
    long count = value.shape().elementCount();
    return new Quantised(arena.allocate(count, 64), new float[value.shape().rows()]);
  }

  @Override
  public MemorySegment floats(Value value) {
    return arena.allocate(Float.BYTES * value.shape().elementCount(), Float.BYTES);
  }

  @Override
  public Arena arena() {
    return arena;
  }

  @Override
  public MemorySegment scratch(long count) {
    return arena.allocate(count * precision.bytes(), 64);
  }
}
