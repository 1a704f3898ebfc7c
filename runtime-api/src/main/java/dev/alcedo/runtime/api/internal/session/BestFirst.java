// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

/// Token ids in descending order of a score, lazily: a binary heap, so that the first few of a
/// large vocabulary cost little. Equal scores come in ascending order of id. One thread.
final class BestFirst {
  private final int[] heap;
  private float[] scores = new float[0];
  private int scoreOffset;
  private int size;

  BestFirst(int vocabSize) {
    heap = new int[vocabSize];
  }

  /// Starts over `scores[offset..offset + vocabSize - 1]`, which must not change until the last
  /// [#next()].
  void start(float[] newScores, int offset) {
    scores = newScores;
    scoreOffset = offset;
    size = heap.length;
    for (int i = 0; i < size; i++) {
      heap[i] = i;
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  boolean hasNext() {
    return size > 0;
  }

  /// The best id not given yet.
  int next() {
    int best = heap[0];
    heap[0] = heap[--size];
    sink(0);
    return best;
  }

  private void sink(int start) {
    int parent = start;
    int id = heap[parent];
    while (true) {
      int child = 2 * parent + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], id)) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = id;
  }

  private boolean isBefore(int a, int b) {
    int order = Float.compare(scores[scoreOffset + a], scores[scoreOffset + b]);
    return order > 0 || (order == 0 && a < b);
  }
}
