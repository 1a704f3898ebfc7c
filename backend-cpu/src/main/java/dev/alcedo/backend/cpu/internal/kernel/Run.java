// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.spi.Bindings;
import java.util.ArrayList;
import java.util.Arrays;
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

  /// Takes item count and spans, which have been checked, over.
  public void begin(int items, List<Bindings.Span> sequences) {
    itemCount = items;
    spans.clear();
    for (int i = 0; i < sequences.size(); i++) {
      Bindings.Span span = sequences.get(i);
      spans.add(span);
      Arrays.fill(spanOfItem, span.itemStart(), span.itemStart() + span.itemCount(), i);
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
