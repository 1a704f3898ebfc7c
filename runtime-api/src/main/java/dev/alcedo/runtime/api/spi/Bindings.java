// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What one run of a compiled graph reads and writes: how many items, the memory of each input and
/// output, and for causal attention which items belong to which KV cache. Reusable from run to run
/// by one thread.
public final class Bindings {
  /// Consecutive items that belong to one sequence.
  ///
  /// @param itemStart the first item
  /// @param itemCount how many
  /// @param cache where the sequence's keys and values are
  /// @param position the cache position of the first item; the others follow
  /// @param isBidirectional whether each item sees all of the span, not only what precedes it; a
  ///   window then bounds how far an item sees back, as in causal attention
  public record Span(
      int itemStart, int itemCount, KvCache cache, int position, boolean isBidirectional) {
    /// A causal span.
    public Span(int itemStart, int itemCount, KvCache cache, int position) {
      this(itemStart, itemCount, cache, position, false);
    }

    /// Checks that the positions exist.
    ///
    /// @throws IllegalArgumentException if a count is below 1 or the positions exceed the capacity
    public Span {
      if (itemStart < 0
          || itemCount < 1
          || position < 0
          || position > cache.capacity() - itemCount) {
        throw new IllegalArgumentException(
            "span of items %d + %d at position %d of a KV cache of %d"
                .formatted(itemStart, itemCount, position, cache.capacity()));
      }
    }
  }

  private final Map<Value, TensorView> views = new HashMap<>();
  private final List<Span> spans = new ArrayList<>();
  private int itemCount = 1;

  /// Bindings of one item with nothing bound.
  public Bindings() {}

  /// Items of the run, 1 to the compiled maximum.
  public int itemCount() {
    return itemCount;
  }

  /// Sets the number of items.
  public Bindings itemCount(int count) {
    itemCount = count;
    return this;
  }

  /// Binds an input or output of the graph; the view holds at least as many items as the run has,
  /// one after the other.
  public Bindings bind(Value port, TensorView view) {
    views.put(port, view);
    return this;
  }

  /// The memory bound to `port`.
  ///
  /// @throws IllegalArgumentException if there is none
  public TensorView view(Value port) {
    TensorView view = views.get(port);
    if (view == null) {
      throw new IllegalArgumentException(
          "run of a graph: '%s' is not bound".formatted(port.name()));
    }
    return view;
  }

  /// The sequences of the run, in item order, covering all items; empty for graphs without a KV
  /// cache.
  public List<Span> spans() {
    return spans;
  }

  /// Forgets all spans.
  public Bindings clearSpans() {
    spans.clear();
    return this;
  }

  /// Adds a span after those already there.
  public Bindings addSpan(Span span) {
    spans.add(span);
    return this;
  }
}
