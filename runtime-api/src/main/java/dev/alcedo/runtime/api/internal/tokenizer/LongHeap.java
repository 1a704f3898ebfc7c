// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.Arrays;

/// A binary heap of longs, smallest first.
final class LongHeap {
  private long[] items = new long[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(long item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Math.multiplyExact(size, 2));
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (items[parent] <= item) {
        break;
      }
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  /// Takes the smallest; the heap must not be empty.
  long remove() {
    long top = items[0];
    long last = items[--size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && items[child + 1] < items[child]) {
        child++;
      }
      if (items[child] >= last) {
        break;
      }
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return top;
  }
}
