// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Finds the place of a string in an array, given as part of a longer text: merging looks up every
/// pair of neighbours, and a substring for each would be most of the work. Open addressing; the
/// hash has a random seed, so that no file can put all of its pieces into one slot.
final class PieceTable {
  private static final int NONE = -1;

  private final String[] pieces;
  private final int[] slots;
  private final long seed = ThreadLocalRandom.current().nextLong() | 1;

  /// A table of no strings yet.
  ///
  /// @param pieces filled by the caller; those added must not change
  PieceTable(String[] pieces) {
    this.pieces = pieces;
    int capacity = 16;
    while (capacity < 2L * pieces.length && capacity < 1 << 30) {
      capacity <<= 1;
    }
    slots = new int[capacity];
    Arrays.fill(slots, NONE);
  }

  /// Adds the string at `index`; answers the index of an equal one that was there before, or -1.
  int add(int index) {
    String piece = pieces[index];
    int slot = slot(piece, 0, piece.length());
    if (slots[slot] != NONE) {
      return slots[slot];
    }
    slots[slot] = index;
    return NONE;
  }

  /// The index of a string, or -1.
  int find(String piece) {
    return slots[slot(piece, 0, piece.length())];
  }

  /// The index of the string that `text` has from `start` to `end`, or -1.
  int find(String text, int start, int end) {
    return slots[slot(text, start, end)];
  }

  private int slot(String text, int start, int end) {
    int mask = slots.length - 1;
    int slot = (int) hash(text, start, end) & mask;
    while (slots[slot] != NONE && !isAt(slots[slot], text, start, end)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean isAt(int index, String text, int start, int end) {
    String piece = pieces[index];
    return piece.length() == end - start && text.startsWith(piece, start);
  }

  private long hash(String text, int start, int end) {
    long hash = seed;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * seed;
      hash ^= hash >>> 29;
    }
    return hash ^ hash >>> 32;
  }
}
