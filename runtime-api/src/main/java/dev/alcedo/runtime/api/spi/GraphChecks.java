// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What every backend checks before it compiles a graph and before each run, so that a caller's
/// mistake has the same name on all of them. A check allocates nothing unless something is wrong.
public final class GraphChecks {
  private final Graph graph;
  private final int itemCountMax;
  private final Set<DType> cacheTypes;
  private final List<Op.Attention> cacheReaders;

  /// For a compiled graph that runs up to `itemCountMax` items.
  ///
  /// @param cacheTypes its backend's [Backend#cacheTypes()]
  public GraphChecks(Graph graph, int itemCountMax, Set<DType> cacheTypes) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    this.cacheTypes = Set.copyOf(cacheTypes);
    this.cacheReaders =
        graph.nodes().stream()
            .map(Node::op)
            .filter(op -> op instanceof Op.Attention attention && attention.isCausal())
            .map(Op.Attention.class::cast)
            .toList();
  }

  /// Whether the graph reads a KV cache.
  public boolean readsCache() {
    return !cacheReaders.isEmpty();
  }

  /// Whether `backend` can be asked to compile `graph`.
  ///
  /// @throws IllegalArgumentException if `itemCountMax` is below 1 or a node is not supported
  public static void compilable(Backend backend, Graph graph, int itemCountMax) {
    if (itemCountMax < 1) {
      throw new IllegalArgumentException(
          "compile of graph '%s': itemCountMax: expected at least 1, got %d"
              .formatted(graph.name(), itemCountMax));
    }
    for (Node node : graph.nodes()) {
      if (backend.supports(node) instanceof Support.Unsupported(String why)) {
        throw new IllegalArgumentException(
            "compile of graph '%s': %s: no %s".formatted(graph.name(), node.describe(), why));
      }
    }
  }

  /// Whether the graph can run with `bindings`.
  ///
  /// @throws IllegalArgumentException if there are no or too many items; a span does not begin
  ///   where the one before ends, or the last not with the items; a KV cache is missing or of
  ///   another layout; a port is unbound, of another type, too small or read-only
  public void run(Bindings bindings) {
    int items = bindings.itemCount();
    if (items < 1 || items > itemCountMax) {
      throw new IllegalArgumentException(
          "run of graph '%s': items: expected 1 to %d, got %d"
              .formatted(graph.name(), itemCountMax, items));
    }
    spans(items, bindings.spans());
    for (int i = 0; i < cacheReaders.size(); i++) {
      caches(cacheReaders.get(i), items, bindings.spans());
    }
    for (int i = 0; i < graph.inputs().size(); i++) {
      port(graph.inputs().get(i), bindings, false);
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      port(graph.outputs().get(i), bindings, true);
    }
  }

  private void port(Value port, Bindings bindings, boolean isWritten) {
    TensorView view = bindings.view(port);
    long expected = port.dtype().bytes(port.shape().elementCount() * bindings.itemCount());
    if (view.dtype() != port.dtype()
        || view.byteSize() < expected
        || (isWritten && view.data().isReadOnly())) {
      throw new IllegalArgumentException(
          "run of graph '%s': '%s': expected %s%s memory of at least %d bytes for %d items, got %s %s of %d bytes%s"
              .formatted(
                  graph.name(),
                  port.name(),
                  isWritten ? "writable " : "",
                  port.dtype(),
                  expected,
                  bindings.itemCount(),
                  view.dtype(),
                  view.shape(),
                  view.byteSize(),
                  view.data().isReadOnly() ? ", read-only" : ""));
    }
  }

  private static void spans(int itemCount, List<Bindings.Span> spans) {
    int next = 0;
    for (int i = 0; i < spans.size(); i++) {
      Bindings.Span span = spans.get(i);
      if (span.itemStart() != next || span.itemCount() > itemCount - next) {
        throw new IllegalArgumentException(
            "spans of a run: span %d: expected to start at item %d and end by %d, got %d + %d"
                .formatted(i, next, itemCount, span.itemStart(), span.itemCount()));
      }
      next += span.itemCount();
    }
    if (next != 0 && next != itemCount) {
      throw new IllegalArgumentException(
          "spans of a run: expected to cover %d items, got %d".formatted(itemCount, next));
    }
  }

  private void caches(Op.Attention op, int itemCount, List<Bindings.Span> spans) {
    if (spans.isEmpty()) {
      throw new IllegalArgumentException(
          "run of a graph with a KV cache: expected spans over %d items, got none"
              .formatted(itemCount));
    }
    for (int i = 0; i < spans.size(); i++) {
      KvLayout layout = spans.get(i).cache().layout();
      if (layout.layerCount() <= op.cacheLayer()
          || layout.headCountKv() != op.headCountKv()
          || layout.headLength() != op.headLength()
          || !cacheTypes.contains(layout.dtype())) {
        throw new IllegalArgumentException(
            "KV cache of span %d: expected one of %s, layer %d, headCountKv %d, headLength %d, got %s"
                .formatted(
                    i,
                    new TreeSet<>(cacheTypes),
                    op.cacheLayer(),
                    op.headCountKv(),
                    op.headLength(),
                    layout));
      }
    }
  }
}
