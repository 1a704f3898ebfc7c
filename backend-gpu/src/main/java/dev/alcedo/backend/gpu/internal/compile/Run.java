// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/// What differs from run to run of one compiled graph: how many items, and which sequences they
/// belong to. Reused by one thread.
final class Run {
  private final List<Bindings.Span> spans = new ArrayList<>();
  private final List<KvReplica> replicas = new ArrayList<>();
  private int itemCount;

  /// Takes item count and spans over.
  ///
  /// @throws IllegalArgumentException if there are spans that do not cover all items in order
  void begin(int items, List<Bindings.Span> sequences) {
    itemCount = items;
    spans.clear();
    replicas.clear();
    int next = 0;
    for (int i = 0; i < sequences.size(); i++) {
      Bindings.Span span = sequences.get(i);
      if (span.itemStart() != next || span.itemCount() > items - next) {
        throw new IllegalArgumentException(
            "spans of a run: span %d: expected to start at item %d and end by %d, got %d + %d"
                .formatted(i, next, items, span.itemStart(), span.itemCount()));
      }
      spans.add(span);
      next += span.itemCount();
    }
    if (next != 0 && next != items) {
      throw new IllegalArgumentException(
          "spans of a run: expected to cover %d items, got %d".formatted(items, next));
    }
  }

  /// Whether the caches are what `op` needs.
  ///
  /// @throws IllegalArgumentException if there are none, or one has another layout
  void check(Op.Attention op) {
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
          || (layout.dtype() != DType.F16 && layout.dtype() != DType.F32)) {
        throw new IllegalArgumentException(
            "KV cache of span %d: expected F16 or F32, layer %d, headCountKv %d, headLength %d, got %s"
                .formatted(i, op.cacheLayer(), op.headCountKv(), op.headLength(), layout));
      }
    }
  }

  /// Items of this run.
  int itemCount() {
    return itemCount;
  }

  /// The sequences, in item order.
  List<Bindings.Span> spans() {
    return spans;
  }

  /// Their KV caches on the device, in the same order; empty if the graph reads none.
  List<KvReplica> replicas() {
    return replicas;
  }
}
