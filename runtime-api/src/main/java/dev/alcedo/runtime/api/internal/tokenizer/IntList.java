// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.Arrays;

/// A growing list of ints without boxes.
final class IntList {
  private int[] items = new int[16];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Math.multiplyExact(size, 2));
    }
    items[size++] = item;
  }

  int get(int index) {
    return items[index];
  }

  int size() {
    return size;
  }

  /// Keeps the first `newSize` items.
  void truncate(int newSize) {
    size = newSize;
  }

  void set(int index, int item) {
    items[index] = item;
  }

  void addAll(int[] more) {
    if (items.length - size < more.length) {
      items = Arrays.copyOf(items, Math.max(Math.multiplyExact(size, 2), size + more.length));
    }
    System.arraycopy(more, 0, items, size, more.length);
    size += more.length;
  }

  int[] toArray() {
    return toArray(0);
  }

  /// The items from `start` on.
  int[] toArray(int start) {
    return Arrays.copyOfRange(items, start, size);
  }
}
