// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.spi.Bindings;
import java.util.ArrayList;
import java.util.List;

/// What differs from run to run of one compiled graph: how many items, and which sequence each
/// belongs to. Reused; written by the caller's thread before the steps, only read by them.
public final class Run {
  private final int[] spanOfItem;
  private final List<Bindings.Span> spans = new ArrayList<>();
  private int itemCount;

  /// For runs of up to `itemCountMax` items.
  public Run(int itemCountMax) {
    spanOfItem = new int[itemCountMax];
  }

  /// Takes item count and spans over.
  ///
  /// @throws IllegalArgumentException if there are spans that do not cover all items in order
  public void begin(int items, List<Bindings.Span> sequences) {
    itemCount = items;
    spans.clear();
    int next = 0;
    for (int i = 0; i < sequences.size(); i++) {
      Bindings.Span span = sequences.get(i);
      if (span.itemStart() != next || span.itemCount() > items - next) {
        throw new IllegalArgumentException(
            "spans of a run: span %d: expected to start at item %d and end by %d, got %d + %d"
                .formatted(i, next, items, span.itemStart(), span.itemCount()));
      }
      spans.add(span);
      for (int j = 0; j < span.itemCount(); j++) {
        spanOfItem[next++] = i;
      }
    }
    if (next != 0 && next != items) {
      throw new IllegalArgumentException(
          "spans of a run: expected to cover %d items, got %d".formatted(items, next));
    }
  }

  /// Items of this run.
  public int itemCount() {
    return itemCount;
  }

  /// The sequences, in item order.
  public List<Bindings.Span> spans() {
    return spans;
  }

  /// The sequence that `item` belongs to.
  public Bindings.Span spanOf(int item) {
    return spans.get(spanOfItem[item]);
  }
}
