// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.List;

/// Checks of the sequences that a run belongs to.
final class Spans {
  private Spans() {}

  /// @throws IllegalArgumentException if there are spans that do not cover all items in order
  static void check(int items, List<Bindings.Span> spans) {
    int next = 0;
    for (int i = 0; i < spans.size(); i++) {
      Bindings.Span span = spans.get(i);
      if (span.itemStart() != next || span.itemCount() > items - next) {
        throw new IllegalArgumentException(
            "spans of a run: span %d: expected to start at item %d and end by %d, got %d + %d"
                .formatted(i, next, items, span.itemStart(), span.itemCount()));
      }
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
  static void check(Op.Attention op, int items, List<Bindings.Span> spans) {
    if (spans.isEmpty()) {
      throw new IllegalArgumentException(
          "run of a graph with a KV cache: expected spans over %d items, got none"
              .formatted(items));
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
}
