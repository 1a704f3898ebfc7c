// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.LoweredNetwork;
import dev.alcedo.backend.apu.internal.lower.Segment;
import dev.alcedo.backend.apu.internal.lower.Source;
import dev.alcedo.backend.apu.internal.network.Operand;
import dev.alcedo.backend.apu.internal.neuron.CompiledNetwork;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// One network for each bucket of items, compiled when first needed and bound to the graph's
/// buffers.
final class SegmentRunner implements Runner {
  /// Makes the network of the segment for an item count.
  interface Lowering {
    LoweredNetwork lower(Arena arena, int items);
  }

  private final Driver driver;
  private final Segment segment;
  private final Lowering lowering;
  private final Buffers buffers;
  private final Function<Value, MemorySegment> results;
  private final RowBuckets buckets;
  private final SequencedMap<Integer, CompiledNetwork> compiled = new TreeMap<>();
  private final List<Source> sources = new ArrayList<>();
  private long byteSize;

  /// Compiles for the largest bucket, so that what the driver refuses is known before the first
  /// run.
  ///
  /// @param buffers of what goes in
  /// @param results memory of the segment's outputs
  SegmentRunner(
      Driver driver,
      Segment segment,
      Lowering lowering,
      Buffers buffers,
      Function<Value, MemorySegment> results) {
    this.driver = driver;
    this.segment = segment;
    this.lowering = lowering;
    this.buffers = buffers;
    this.results = results;
    this.buckets = new RowBuckets(buffers.buckets());
    try {
      network(buffers.buckets().getLast());
    } catch (RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  /// What was compiled is freed although memory could not be bound to it.
  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (VlmException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public List<Source> sources() {
    return sources;
  }

  @Override
  public long byteSize() {
    return byteSize;
  }

  @Override
  public void run(int items) {
    buckets.run(
        items,
        bucket -> {
          CompiledNetwork network = network(bucket);
          return new RowBuckets.Outcome(network, driver.compute(network, () -> {}));
        });
  }

  private CompiledNetwork network(int items) {
    CompiledNetwork known = compiled.get(items);
    if (known != null) {
      return known;
    }
    Driver.Prepared prepared = driver.compile(arena -> lowering.lower(arena, items));
    compiled.put(items, prepared.network());
    byteSize += prepared.lowered().network().constantBytes();
    bind(prepared.network(), prepared.lowered(), items);
    return prepared.network();
  }

  private void bind(CompiledNetwork network, LoweredNetwork lowered, int items) {
    List<MemorySegment> inputs = new ArrayList<>();
    for (int i = 0; i < lowered.sources().size(); i++) {
      Source source = lowered.sources().get(i);
      Operand operand = lowered.network().operands().get(lowered.network().inputs().get(i));
      int perItem = Math.toIntExact(operand.elementCount() / items);
      inputs.add(buffers.of(source, perItem).asSlice(0, operand.byteSize()));
      if (!sources.contains(source)) {
        sources.add(source);
      }
    }
    driver.bind(() -> {
      for (int i = 0; i < inputs.size(); i++) {
        network.input(i, inputs.get(i));
      }
      for (int i = 0; i < segment.outputs().size(); i++) {
        Value output = segment.outputs().get(i);
        long bytes = output.shape().elementCount() * items * buffers.precision().bytes();
        network.output(i, results.apply(output).asSlice(0, bytes));
      }
    });
  }

  @Override
  public void close() {
    List<CompiledNetwork> all = List.copyOf(compiled.values());
    compiled.clear();
    driver.free(() -> all.forEach(CompiledNetwork::close));
  }
}
