// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/// A graph that runs on several backends, part after part; values that cross a border lie in host
/// memory between them.
final class PlacedGraph implements CompiledGraph {
  private static final long ALIGNMENT = 64;

  private final List<CompiledPart> parts = new ArrayList<>();
  private final Map<Value, TensorView> crossing = new HashMap<>();
  private final Arena arena = Arena.ofShared();
  private final String name;
  private final int itemCountMax;

  private record CompiledPart(CompiledGraph compiled, Map<Value, Value> ports, Bindings bindings) {}

  private PlacedGraph(String name, int itemCountMax) {
    this.name = name;
    this.itemCountMax = itemCountMax;
  }

  /// Compiles the parts of `graph`; one part alone is compiled as it is.
  ///
  /// @param ready gets the bytes of constants that are in place
  static CompiledGraph compile(
      Graph graph, List<Partitioner.Part> parts, int itemCountMax, LongConsumer ready) {
    if (parts.size() == 1) {
      return parts.getFirst().backend().compile(graph, itemCountMax, ready);
    }
    var placed = new PlacedGraph(graph.name(), itemCountMax);
    try {
      for (Partitioner.Part part : parts) {
        placed.add(graph, part, ready);
      }
      return placed;
    } catch (RuntimeException | Error e) {
      Closing.closeAllAfter(e, List.of(placed));
      throw e;
    }
  }

  private void add(Graph graph, Partitioner.Part part, LongConsumer ready) {
    var cut = new Subgraph(graph, part.nodes());
    for (Value value : cut.outputs()) {
      if (!graph.outputs().contains(value)) {
        crossing.put(value, hostMemory(value));
      }
    }
    Graph subgraph = cut.build("%s.%d".formatted(graph.name(), parts.size()));
    CompiledGraph compiled = part.backend().compile(subgraph, itemCountMax, ready);
    parts.add(new CompiledPart(compiled, cut.ports(subgraph), new Bindings()));
  }

  private TensorView hostMemory(Value value) {
    int[] dims = value.shape().toArray();
    var all = new int[dims.length + 1];
    all[0] = itemCountMax;
    System.arraycopy(dims, 0, all, 1, dims.length);
    Shape shape = Shape.of(all);
    return new TensorView(
        value.dtype(), shape, arena.allocate(value.dtype().bytes(shape.elementCount()), ALIGNMENT));
  }

  @Override
  public int itemCountMax() {
    return itemCountMax;
  }

  @Override
  public long residentBytes() {
    return parts.stream().mapToLong(p -> p.compiled().residentBytes()).sum()
        + crossing.values().stream().mapToLong(TensorView::byteSize).sum();
  }

  @Override
  public void execute(Bindings bindings) {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("compiled graph '%s' is closed".formatted(name));
    }
    for (CompiledPart part : parts) {
      Bindings own = part.bindings().itemCount(bindings.itemCount()).clearSpans();
      bindings.spans().forEach(own::addSpan);
      part.ports()
          .forEach((outer, inner) -> {
            TensorView view = crossing.get(outer);
            own.bind(inner, view == null ? bindings.view(outer) : view);
          });
      part.compiled().execute(own);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      List<AutoCloseable> all = new ArrayList<>();
      parts.forEach(p -> all.add(p.compiled()));
      all.add(arena);
      Closing.closeAll(all);
    }
  }

  /// Some nodes of a graph as a graph of their own, with the same value names.
  private static final class Subgraph {
    private final Graph graph;
    private final List<Node> nodes;
    private final Set<Value> inputs = new LinkedHashSet<>();
    private final Set<Value> outputs = new LinkedHashSet<>();

    Subgraph(Graph graph, List<Node> nodes) {
      this.graph = graph;
      this.nodes = nodes;
      Set<Value> computed = new LinkedHashSet<>();
      for (Node node : nodes) {
        for (Value in : node.inputs()) {
          if (in.kind() != Value.Kind.CONSTANT && !computed.contains(in)) {
            inputs.add(in);
          }
        }
        computed.add(node.output());
      }
      Set<Value> wanted = new HashSet<>(graph.outputs());
      for (Node node : graph.nodes()) {
        if (!computed.contains(node.output())) {
          wanted.addAll(node.inputs());
        }
      }
      computed.stream().filter(wanted::contains).forEach(outputs::add);
    }

    Set<Value> outputs() {
      return outputs;
    }

    Graph build(String name) {
      Map<Value, Value> renamed = new LinkedHashMap<>();
      Map<Value, TensorView> constants = new LinkedHashMap<>();
      for (Value value : inputs) {
        renamed.put(value, renumber(renamed.size(), value, Value.Kind.INPUT));
      }
      List<Node> copies = new ArrayList<>();
      for (Node node : nodes) {
        for (Value in : node.inputs()) {
          if (in.kind() == Value.Kind.CONSTANT && !renamed.containsKey(in)) {
            Value copy = renumber(renamed.size(), in, Value.Kind.CONSTANT);
            renamed.put(in, copy);
            constants.put(copy, graph.constant(in));
          }
        }
        Value out = renumber(renamed.size(), node.output(), Value.Kind.COMPUTED);
        renamed.put(node.output(), out);
        copies.add(new Node(node.op(), node.inputs().stream().map(renamed::get).toList(), out));
      }
      return new Graph(
          name,
          List.copyOf(renamed.values()),
          inputs.stream().map(renamed::get).toList(),
          outputs.stream().map(renamed::get).toList(),
          copies,
          constants);
    }

    Map<Value, Value> ports(Graph subgraph) {
      Map<Value, Value> ports = new LinkedHashMap<>();
      inputs.forEach(v -> ports.put(v, subgraph.port(v.name())));
      outputs.forEach(v -> ports.put(v, subgraph.port(v.name())));
      return ports;
    }

    private static Value renumber(int id, Value value, Value.Kind kind) {
      return new Value(id, value.name(), kind, value.dtype(), value.shape());
    }
  }
}
