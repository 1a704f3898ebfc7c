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

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}
