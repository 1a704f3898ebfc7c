// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import org.jspecify.annotations.Nullable;

/// The ids of words met lately: text repeats its words, and looking one up costs a fraction of
/// merging it. Bounded: a slot holds one short word, the latest. Any thread: entries are immutable,
/// and a thread that misses what another has just put merges the word itself, to the same ids.
final class WordCache {
  /// Longer words are not kept.
  static final int LENGTH_MAX = 48;

  private static final int SLOTS = 1 << 14;

  private record Entry(String word, int[] ids) {}

  private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];

  /// Where the word that `text` has from `start` to `end` belongs.
  static int slot(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + text.charAt(i);
    }
    hash *= 0x9E3779B1;
    return hash >>> 32 - 14;
  }

  /// Adds the ids of a word to `out` if they are known.
  boolean get(int slot, String text, int start, int end, IntList out) {
    Entry entry = entries[slot];
    if (entry == null
        || entry.word.length() != end - start
        || !text.startsWith(entry.word, start)) {
      return false;
    }
    out.addAll(entry.ids);
    return true;
  }

  /// Keeps the ids of a word.
  void put(int slot, String word, int[] ids) {
    entries[slot] = new Entry(word, ids);
  }
}
