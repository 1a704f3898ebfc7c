// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What the caller of [dev.alcedo.runtime.api.spi.CompiledGraph#execute] owes it.
final class BindingRules {
  private final Graph graph;
  private final Bindings bindings;
  private final List<String> broken = new ArrayList<>();

  private BindingRules(Graph graph, Bindings bindings) {
    this.graph = graph;
    this.bindings = bindings;
  }

  /// The rules that a run breaks; empty if it may run.
  static List<String> check(Graph graph, int itemCountMax, Bindings bindings) {
    var rules = new BindingRules(graph, bindings);
    int items = bindings.itemCount();
    rules.require(items >= 1 && items <= itemCountMax, items + " items of " + itemCountMax);
    Stream.concat(graph.inputs().stream(), graph.outputs().stream()).forEach(rules::port);
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Op.Embedding _ -> rules.ids(node);
        case Op.Attention a when a.isCausal() -> rules.spans(a);
        default -> {}
      }
    }
    return rules.broken;
  }

  private void port(Value port) {
    TensorView view;
    try {
      view = bindings.view(port);
    } catch (IllegalArgumentException e) {
      broken.add(e.getMessage());
      return;
    }
    long needed = port.dtype().bytes(port.shape().elementCount() * bindings.itemCount());
    require(view.dtype() == port.dtype(), "'%s' is bound to %s".formatted(port.name(), view));
    require(view.byteSize() >= needed, "'%s' is too small: %s".formatted(port.name(), view));
    require(view.data().scope().isAlive(), "memory of '%s' is gone".formatted(port.name()));
    require(
        graph.inputs().contains(port) || !view.data().isReadOnly(),
        "output '%s' is read-only".formatted(port.name()));
  }

  private void ids(Node node) {
    Value ids = node.inputs().getFirst();
    if (!broken.isEmpty() || !graph.inputs().contains(ids)) {
      return;
    }
    int rows = node.inputs().get(1).shape().dim(0);
    long count = ids.shape().elementCount() * bindings.itemCount();
    for (int i = 0; i < count; i++) {
      int id = bindings.view(ids).data().get(TensorView.I32_LE, 4L * i);
      require(id >= 0 && id < rows, "id %d of a table of %d rows".formatted(id, rows));
    }
  }

  private void spans(Op.Attention op) {
    int next = 0;
    Set<KvCache> caches = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Bindings.Span span : bindings.spans()) {
      require(span.itemStart() == next, "%s starts not at item %d".formatted(span, next));
      require(caches.add(span.cache()), "one KV cache twice");
      require(
          span.cache().layout().layerCount() > op.cacheLayer()
              && span.cache().layout().headCountKv() == op.headCountKv()
              && span.cache().layout().headLength() == op.headLength(),
          "KV cache of %s for %s".formatted(span.cache().layout(), op));
      require(span.cache().keys(0).scope().isAlive(), "a KV cache is closed");
      next += span.itemCount();
    }
    require(
        next == bindings.itemCount(),
        "spans cover %d of %d items".formatted(next, bindings.itemCount()));
  }

  private void require(boolean isTrue, String message) {
    if (!isTrue && !broken.contains(message)) {
      broken.add(message);
    }
  }
}
