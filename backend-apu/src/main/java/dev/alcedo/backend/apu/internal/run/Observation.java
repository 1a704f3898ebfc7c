// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.lower.Range;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The ranges of some values over all runs that were looked at.
final class Observation {
  /// Rows to come exceed those seen: a peak that is cut off costs more than a third of a bit.
  private static final float HEADROOM = 1.25f;

  private final Map<Value, Range> ranges = new LinkedHashMap<>();
  private final Precision precision;
  private long rowCount;

  Observation(List<Value> values, Precision precision) {
    this.precision = precision;
    values.forEach(value -> ranges.put(value, Range.ZERO));
  }

  /// Looks at a run.
  ///
  /// @param memory of the values
  /// @throws BackendException if there are elements that are no numbers, and keeps what it knew
  void add(int items, Function<Value, MemorySegment> memory) {
    Map<Value, Range> wider = new LinkedHashMap<>();
    long rows = 0;
    for (Map.Entry<Value, Range> entry : ranges.entrySet()) {
      Value value = entry.getKey();
      long count = value.shape().elementCount() * items;
      wider.put(value, range(entry.getValue(), memory.apply(value), count));
      rows = Math.max(rows, (long) value.shape().rows() * items);
    }
    ranges.putAll(wider);
    rowCount += rows;
  }

  private Range range(Range range, MemorySegment memory, long count) {
    float min = range.min();
    float max = range.max();
    for (long i = 0; i < count; i++) {
      float element = precision.get(memory, i);
      if (Float.isNaN(element)) {
        throw new BackendException(
            "activations have elements that are no numbers: an overflow in %s, or a fault of the driver"
                .formatted(precision));
      }
      if (Float.isFinite(element)) {
        min = Math.min(min, element);
        max = Math.max(max, element);
      }
    }
    return new Range(min, max);
  }

  /// Rows of all runs.
  long rowCount() {
    return rowCount;
  }

  /// What was seen, and a bit more.
  Map<Value, Range> ranges() {
    Map<Value, Range> widened = new LinkedHashMap<>();
    ranges.forEach((value, range) -> widened.put(value, range.widened(HEADROOM)));
    return widened;
  }
}
