// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.GraphConstants;
import dev.alcedo.backend.apu.internal.lower.Range;
import dev.alcedo.backend.apu.internal.lower.Segment;
import dev.alcedo.backend.apu.internal.lower.SegmentLowering;
import dev.alcedo.backend.apu.internal.lower.Source;
import dev.alcedo.backend.apu.internal.lower.Target;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.GraphChecks;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A graph as networks and cached attentions in turn, over buffers that all of them share.
final class ApuGraph implements CompiledGraph {
  private static final Logger LOG = LoggerFactory.getLogger(ApuGraph.class);

  private final String name;
  private final Graph graph;
  private final int itemCountMax;
  private final ApuBackend backend;
  private final Arena arena;
  private final Buffers buffers;
  private final Ports ports;
  private final List<Runner> runners = new ArrayList<>();
  private final List<Consumer<Bindings>> steps = new ArrayList<>();
  private final GraphChecks checks;
  private volatile boolean isClosed;

  /// @throws dev.alcedo.runtime.api.BackendException if the driver refuses a network
  ApuGraph(Graph graph, int itemCountMax, ApuBackend backend) {
    this.name = graph.name();
    this.graph = graph;
    this.checks = new GraphChecks(graph, itemCountMax, Set.of(DType.F16, DType.F32));
    this.itemCountMax = itemCountMax;
    this.backend = backend;
    List<Integer> buckets = backend.tuning().bucketsUpTo(itemCountMax);
    this.arena = backend.driver().arena();
    this.buffers = new Buffers(arena, backend.tuning().precision(), buckets);
    this.ports = new Ports(graph, buffers);
    try {
      int number = 0;
      for (Segment segment : Segment.of(graph)) {
        if (segment.isCached()) {
          addAttention(segment.nodes().getFirst());
        } else {
          addNetwork(segment, "%s/%d".formatted(name, number++));
        }
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void addAttention(Node node) {
    var op = (Op.Attention) node.op();
    var attention =
        new CachedAttention(backend.driver(), backend.attentionNetworks(), node, op, buffers);
    steps.add(bindings -> {
      attention.run(bindings.spans());
      requireNumbers(List.of(node.output()), bindings);
    });
  }

  private void addNetwork(Segment segment, String label) {
    Runner runner =
        calibrated(segment)
            .<Runner>map(values ->
                new CalibratedRunner(
                    segment,
                    values,
                    (part, ranges, results) -> runner(part, label, ranges, results),
                    backend.driver(),
                    buffers,
                    RangeFile.of(backend.tuning().folders().ranges(), segment, graph),
                    backend.tuning().calibrationRows()))
            .orElseGet(() -> runner(segment, label, Map.of(), buffers::value));
    runners.add(runner);
    steps.add(bindings -> {
      runner.run(bindings.itemCount());
      requireNumbers(segment.outputs(), bindings);
    });
  }

  /// In 8 bits the next network makes numbers of what are none, so that the last would not show it.
  private void requireNumbers(Collection<Value> values, Bindings bindings) {
    if (buffers.precision().hasByteActivations()) {
      values.forEach(value -> ports.requireNumbers(value, bindings));
    }
  }

  /// The values whose ranges products in 8 bits need, if there are such products.
  private Optional<List<Value>> calibrated(Segment segment) {
    if (!buffers.precision().hasByteActivations()) {
      return Optional.empty();
    }
    List<Value> values =
        segment.products(graph).stream()
            .flatMap(node -> Stream.of(node.inputs().getFirst(), node.output()))
            .distinct()
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(values);
  }

  private SegmentRunner runner(
      Segment segment,
      String label,
      Map<Value, Range> ranges,
      Function<Value, MemorySegment> results) {
    var target = new Target(buffers.precision(), backend.hasRmsNorm(), ranges);
    return new SegmentRunner(
        backend.driver(),
        segment,
        (memory, items) ->
            SegmentLowering.lower(
                "%s of %d".formatted(label, items),
                segment,
                target,
                new GraphConstants(graph, buffers.precision(), memory),
                items),
        buffers,
        results);
  }

  @Override
  public int itemCountMax() {
    return itemCountMax;
  }

  @Override
  public long residentBytes() {
    return buffers.byteSize() + runners.stream().mapToLong(Runner::byteSize).sum();
  }

  @Override
  public void execute(Bindings bindings) {
    if (isClosed) {
      throw new IllegalStateException("compiled graph '%s' is closed".formatted(name));
    }
    checks.run(bindings);
    backend.guarded(() -> {
      compute(bindings);
      return true;
    });
  }

  private void compute(Bindings bindings) {
    if (checks.readsCache()) {
      bindings.spans().forEach(span -> span.cache().storing(span.position(), backend));
    }
    ports.read(bindings);
    tables(bindings);
    steps.forEach(step -> step.accept(bindings));
    ports.write(bindings);
  }

  private void tables(Bindings bindings) {
    Set<Source> sources = new LinkedHashSet<>();
    runners.forEach(runner -> sources.addAll(runner.sources()));
    int items = bindings.itemCount();
    for (Source source : sources) {
      switch (source) {
        case Source.OfCosines(var key) -> {
          int rows = key.positions().shape().dim(0);
          int perItem = rows * key.op().headLength();
          MemorySegment turns = buffers.of(new Source.OfTurns(key), perItem);
          HostTables.rope(
              key,
              graph,
              bindings.view(key.positions()),
              rows * items,
              buffers.precision(),
              buffers.of(source, perItem),
              turns);
        }
        case Source.OfSegments(Value segments) -> {
          int rows = segments.shape().dim(0);
          HostTables.segments(
              bindings.view(segments),
              items,
              rows,
              buffers.precision(),
              buffers.of(source, rows * rows));
        }
        case Source.OfTurns _, Source.OfValue _ -> {
          // with the cosines; copied already
        }
      }
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      runners.reversed().forEach(runner -> free(runner::close));
      free(() -> backend.driver().free(arena::close));
    }
  }

  private void free(Runnable work) {
    try {
      work.run();
    } catch (VlmException e) {
      LOG.debug("freeing networks of graph '{}'", name, e);
    }
  }
}
