// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// Joins neighbouring symbols, best pair first and leftmost among equals, until no pair is known:
/// what byte-pair encoding and SentencePiece's BPE have in common. A heap of pairs makes it O(n log
/// n) in the number of symbols; few symbols are simply searched. Not for use by several threads.
abstract class PairMerger {
  /// No such pair.
  static final int NO_RANK = -1;

  /// Up to this many symbols, searching all pairs is faster than a heap.
  private static final int FEW = 24;

  private int[] next = new int[FEW];
  private int[] previous = new int[FEW];
  private int[] ranks = new int[FEW]; // of each symbol and the next one
  private final LongHeap heap = new LongHeap();

  /// How early the symbols at `left` and `right` (neighbours) are joined, lower first, or
  /// [#NO_RANK]. Equal ranks mean equally good pairs.
  abstract int rank(int left, int right);

  /// Joins `right` into `left`, whose rank is `rank`; `right` is gone afterwards.
  abstract void join(int left, int right, int rank);

  /// Merges the symbols `0..count - 1`.
  final void merge(int count) {
    link(count);
    if (count <= FEW) {
      mergeFew(count);
    } else {
      mergeMany(count);
    }
  }

  /// The symbol after `symbol` that is left, or -1.
  final int next(int symbol) {
    return next[symbol];
  }

  private void mergeFew(int count) {
    for (int i = 0; i < count; i++) {
      ranks[i] = rankAt(i);
    }
    while (true) {
      int left = -1;
      for (int i = 0; i >= 0; i = next[i]) {
        if (ranks[i] != NO_RANK && (left < 0 || ranks[i] < ranks[left])) {
          left = i;
        }
      }
      if (left < 0) {
        return;
      }
      joinAt(left);
      ranks[left] = rankAt(left);
      if (previous[left] >= 0) {
        ranks[previous[left]] = rankAt(previous[left]);
      }
    }
  }

  private void mergeMany(int count) {
    for (int i = 0; i < count; i++) {
      offer(i);
    }
    while (!heap.isEmpty()) {
      long best = heap.remove();
      int left = (int) best;
      // An entry is stale when either side has changed since. Where the pair that stands there now
      // has the same rank, its own entry has the same key, so taking it here changes no order.
      if (ranks[left] != (int) (best >>> 32)) {
        continue;
      }
      joinAt(left);
      if (previous[left] >= 0) {
        offer(previous[left]);
      }
      offer(left);
    }
  }

  private void link(int count) {
    if (next.length < count) {
      next = new int[count];
      previous = new int[count];
      ranks = new int[count];
    }
    for (int i = 0; i < count; i++) {
      next[i] = i + 1 < count ? i + 1 : -1;
      previous[i] = i - 1;
    }
  }

  private int rankAt(int left) {
    return next[left] < 0 ? NO_RANK : rank(left, next[left]);
  }

  private void joinAt(int left) {
    int right = next[left];
    join(left, right, ranks[left]);
    next[left] = next[right];
    if (next[right] >= 0) {
      previous[next[right]] = left;
    }
    ranks[right] = NO_RANK; // its old entries are stale from here on
  }

  private void offer(int left) {
    int rank = rankAt(left);
    ranks[left] = rank;
    if (rank != NO_RANK) {
      heap.add((long) rank << 32 | left);
    }
  }
}
