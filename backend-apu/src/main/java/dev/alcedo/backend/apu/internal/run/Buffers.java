// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.lower.Source;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Host memory of one compiled graph, in the networks' precision: values that go between networks
/// or to the caller, tables, masks. Networks are bound to it once. Zeroed at first; rows beyond
/// those of a run hold what an earlier run left, which no row of this run reads.
final class Buffers {
  private static final long ALIGNMENT = 64;

  private final Arena arena;
  private final Precision precision;
  private final List<Integer> buckets;
  private final Map<Source, MemorySegment> memory = new HashMap<>();
  private long byteSize;

  /// @param buckets item counts that networks are compiled for; the last is the greatest
  Buffers(Arena arena, Precision precision, List<Integer> buckets) {
    this.arena = arena;
    this.precision = precision;
    this.buckets = buckets;
  }

  Precision precision() {
    return precision;
  }

  List<Integer> buckets() {
    return buckets;
  }

  /// Memory of a value for all items.
  MemorySegment value(Value value) {
    return of(new Source.OfValue(value), Math.toIntExact(value.shape().elementCount()));
  }

  /// Memory of what goes into a network.
  ///
  /// @param perItem elements of one item
  MemorySegment of(Source source, int perItem) {
    return memory.computeIfAbsent(
        source,
        _ -> {
          long bytes = (long) buckets.getLast() * perItem * precision.bytes();
          byteSize += bytes;
          return arena.allocate(bytes, ALIGNMENT);
        });
  }

  /// Bytes of all.
  long byteSize() {
    return byteSize;
  }
}
