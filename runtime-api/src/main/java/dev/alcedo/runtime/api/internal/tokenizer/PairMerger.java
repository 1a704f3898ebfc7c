// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// Joins neighbouring symbols, best pair first and leftmost among equals, until no pair is known:
/// what byte-pair encoding and SentencePiece's BPE have in common. A heap of pairs makes it O(n log
/// n) in the number of symbols.
abstract class PairMerger {
  /// No such pair.
  static final int NO_RANK = -1;

  private int[] next = new int[0];
  private int[] previous = new int[0];

  /// How early the symbols at `left` and `right` (neighbours) are joined, lower first, or
  /// [#NO_RANK]. Equal ranks mean equally good pairs.
  abstract int rank(int left, int right);

  /// Joins `right` into `left`; `right` is gone afterwards.
  abstract void join(int left, int right);

  /// Merges the symbols `0..count - 1`.
  final void merge(int count) {
    link(count);
    var heap = new LongHeap();
    for (int i = 0; i + 1 < count; i++) {
      offer(heap, i, i + 1);
    }
    while (!heap.isEmpty()) {
      long best = heap.remove();
      int left = (int) best;
      int right = next[left];
      // An entry is stale when either side has changed since. Where the pair that stands there now
      // has the same rank, its own entry has the same key, so taking it here changes no order.
      if (right < 0 || rank(left, right) != (int) (best >>> 32)) {
        continue;
      }
      join(left, right);
      unlink(left, right);
      if (previous[left] >= 0) {
        offer(heap, previous[left], left);
      }
      if (next[left] >= 0) {
        offer(heap, left, next[left]);
      }
    }
  }

  /// The symbol after `symbol` that is left, or -1.
  final int next(int symbol) {
    return next[symbol];
  }

  private void link(int count) {
    if (next.length < count) {
      next = new int[count];
      previous = new int[count];
    }
    for (int i = 0; i < count; i++) {
      next[i] = i + 1 < count ? i + 1 : -1;
      previous[i] = i - 1;
    }
  }

  private void unlink(int left, int right) {
    next[left] = next[right];
    if (next[right] >= 0) {
      previous[next[right]] = left;
    }
    next[right] = -1; // its old entries are stale from here on
  }

  private void offer(LongHeap heap, int left, int right) {
    int rank = rank(left, right);
    if (rank != NO_RANK) {
      heap.add((long) rank << 32 | left);
    }
  }
}
