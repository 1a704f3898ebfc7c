// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Range;
import dev.alcedo.backend.apu.internal.lower.Segment;
import dev.alcedo.backend.apu.internal.lower.Source;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A segment whose products are computed in 8 bits as soon as the ranges of their operands and
/// results are known. Until enough rows have been seen, a network with activations in F16 runs that
/// shows them; then its networks are freed, and the run that made it enough is done again in 8
/// bits.
final class CalibratedRunner implements Runner {
  private static final Logger LOG = LoggerFactory.getLogger(CalibratedRunner.class);

  /// Makes runners of the segment.
  interface Lowerings {
    /// For `segment` with products in 8 bits where `ranges` has their values.
    ///
    /// @param results memory of its outputs
    Runner runner(
        Segment segment, Map<Value, Range> ranges, Function<Value, MemorySegment> results);
  }

  private final Segment segment;
  private final Lowerings lowerings;
  private final Driver driver;
  private final Buffers buffers;
  private final Observation observation;
  private final RangeFile file;
  private final int rowCount;
  private final Arena arena;
  private final Buffers shown;
  private Runner current;
  private boolean isObserving;

  /// @param values whose ranges are needed
  /// @param file where ranges are kept between processes
  /// @param rowCount to be seen, at least
  CalibratedRunner(
      Segment segment,
      List<Value> values,
      Lowerings lowerings,
      Driver driver,
      Buffers buffers,
      RangeFile file,
      int rowCount) {
    this.segment = segment;
    this.lowerings = lowerings;
    this.driver = driver;
    this.buffers = buffers;
    this.observation = new Observation(values, buffers.precision());
    this.file = file;
    this.rowCount = rowCount;
    this.arena = driver.arena();
    this.shown = new Buffers(arena, buffers.precision(), buffers.buckets());
    try {
      Map<Value, Range> known = file.read(values);
      isObserving = known.isEmpty();
      current = isObserving ? observer(values) : runner(known);
    } catch (RuntimeException | Error e) {
      driver.free(arena::close);
      throw e;
    }
  }

  private Runner observer(List<Value> values) {
    List<Value> inner = values.stream().filter(this::isComputedHere).toList();
    return lowerings.runner(segment.showing(inner), Map.of(), this::memory);
  }

  private Runner runner(Map<Value, Range> ranges) {
    return lowerings.runner(segment, ranges, buffers::value);
  }

  private boolean isComputedHere(Value value) {
    return segment.nodes().stream().anyMatch(node -> node.output().equals(value));
  }

  /// What only this segment knows of is shown in memory of its own.
  private MemorySegment memory(Value value) {
    return isComputedHere(value) && !segment.outputs().contains(value)
        ? shown.value(value)
        : buffers.value(value);
  }

  @Override
  public List<Source> sources() {
    return current.sources();
  }

  @Override
  public long byteSize() {
    return current.byteSize() + (isObserving ? shown.byteSize() : 0);
  }

  @Override
  public void run(int items) {
    current.run(items);
    if (isObserving) {
      observation.add(items, this::memory);
      if (observation.rowCount() >= rowCount) {
        quantise();
        current.run(items);
      }
    }
  }

  private void quantise() {
    Map<Value, Range> ranges = observation.ranges();
    Runner observer = current;
    current = runner(ranges);
    isObserving = false;
    file.write(ranges);
    observer.close();
    LOG.debug("{} products in 8 bits, after {} rows", ranges.size(), observation.rowCount());
    driver.free(arena::close);
  }

  @Override
  public void close() {
    try {
      current.close();
    } finally {
      if (arena.scope().isAlive()) {
        driver.free(arena::close);
      }
    }
  }
}
