// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Some query rows of one key/value head: all scores, their softmax, then the mean of the values.
///
/// Not the online softmax of flash attention, which never holds a row's scores: with an F16 cache
/// the normalised probabilities are rounded to F16, as llama.cpp does, and that needs their sum
/// first. Memory is bounded by taking fewer rows where there are many keys. Rows are query rows
/// times the heads that share the key/value head; all arrays that hold them have whole tiles of
/// rows.
///
/// Scores lie in strips of [#STRIP] keys, `[strips, rows, STRIP]`: a tile's left operand has rows
/// that far apart. One object per thread, used for one piece after the other.
final class AttentionPiece {
  private static final int STRIP = Tile.DEPTH;

  /// Values that a tile sums up in one go: with a tile's columns they are half of a first-level
  /// cache.
  private static final int VALUE_KEYS = 128;

  private static final int SCORES_MAX = 1 << 20;

  private static final int QUERIES = 3;
  private static final int SCORES = 4;
  private static final int BLOCK = 5;
  private static final int PANEL = 6;
  private static final int SUMS = 7;

  // Set by begin() before anything reads them.
  @SuppressWarnings("NullAway.Init")
  private AttentionTask task;

  private Bindings.@Nullable Span span;
  private int headKv;
  private int row;
  private int rowEnd;
  private int keyStart;
  private int keyEnd;

  private float[] queries = {};
  private float[] scores = {};
  private int queryStride;

  /// Takes rows from `firstRow` on as far as they share keys; returns where they end.
  int begin(AttentionTask attention, Run run, int head, int firstRow, int end) {
    task = attention;
    headKv = head;
    row = firstRow;
    if (task.op().isCausal()) {
      Bindings.Span rows = run.spanOf(row);
      span = rows;
      rowEnd = Math.min(end, rows.itemStart() + rows.itemCount());
      keyStart = firstSeen(row);
      keyEnd = seenEnd(rowEnd - 1);
    } else {
      span = null;
      int item = row / task.rowsPerItem();
      rowEnd = Math.min(end, (item + 1) * task.rowsPerItem());
      keyStart = item * task.keyRowsPerItem();
      keyEnd = keyStart + task.keyRowsPerItem();
      while (!isSeenByAny(keyStart)) {
        keyStart++;
      }
      while (!isSeenByAny(keyEnd - 1)) {
        keyEnd--;
      }
    }
    int keys = Math.ceilDiv(keyEnd - keyStart, STRIP) * STRIP;
    rowEnd = Math.min(rowEnd, row + Math.max(1, SCORES_MAX / task.headsPerKv() / keys));
    return rowEnd;
  }

  private boolean isSeenByAny(int key) {
    for (int r = row; r < rowEnd; r++) {
      if (task.isSeen(r, key)) {
        return true;
      }
    }
    return false;
  }

  /// The first key that query row `r` sees.
  private int firstSeen(int r) {
    return span == null ? keyStart : task.firstVisible(r + span.position() - span.itemStart());
  }

  /// Where the keys end that query row `r` sees.
  private int seenEnd(int r) {
    return span == null
        ? keyEnd
        : AttentionTask.visibleEnd(span, r + span.position() - span.itemStart());
  }

  /// Sets y for all rows.
  void compute(Scratch scratch) {
    int strips = Math.ceilDiv(keyEnd - keyStart, STRIP);
    scores = scratch.floats(SCORES, strips * paddedCount() * STRIP);
    gatherQueries(scratch);
    if (isTurned()) {
      scoreTurned(scratch);
    } else {
      scoreByDots(scratch);
    }
    for (int i = 0; i < paddedCount(); i++) {
      softmax(i);
    }
    if (count() < Tile.ROWS) {
      mixFew(scratch);
    } else {
      mixMany(scratch);
    }
  }

  private int count() {
    return (rowEnd - row) * task.headsPerKv();
  }

  private int paddedCount() {
    return Math.ceilDiv(count(), Tile.ROWS) * Tile.ROWS;
  }

  /// Whether keys are turned into a tile's columns, which pays where many rows see them. A matter
  /// of the span and not of the piece, because results should not depend on how work is divided:
  /// the two ways sum up in different orders.
  private boolean isTurned() {
    return (span == null || span.itemCount() > 1) && length() <= Tile.DEPTH;
  }

  private int length() {
    return task.op().headLength();
  }

  /// Query row of row `i`.
  private int queryRow(int i) {
    return row + i / task.headsPerKv();
  }

  /// Where row `i` begins in q and y.
  private int offset(int i) {
    int head = headKv * task.headsPerKv() + i % task.headsPerKv();
    return queryRow(i) * task.queryCols() + head * length();
  }

  private int scoreOffset(int i, int key) {
    int k = key - keyStart;
    return (k / STRIP * paddedCount() + i) * STRIP + k % STRIP;
  }

  private boolean isRounded() {
    return span != null && span.cache().layout().dtype() == DType.F16;
  }

  /// `[rows, queryStride]`, zero in rows that are there to fill a tile.
  private void gatherQueries(Scratch scratch) {
    int length = length();
    queryStride = Math.max(Tile.DEPTH, length);
    queries = scratch.floats(QUERIES, paddedCount() * queryStride);
    for (int i = 0; i < count(); i++) {
      System.arraycopy(task.q(), offset(i), queries, i * queryStride, length);
      if (isRounded()) {
        Rows.roundToF16Digits(queries, i * queryStride, queries, i * queryStride, length);
      }
    }
    for (int i = count(); i < paddedCount(); i++) {
      Arrays.fill(queries, i * queryStride, i * queryStride + length, 0);
    }
  }

  private void scoreByDots(Scratch scratch) {
    float[] block = scratch.floats(BLOCK, AttentionBlock.LENGTH * blockStride());
    for (int key = keyStart; key < keyEnd; key += AttentionBlock.LENGTH) {
      int keys = Math.min(AttentionBlock.LENGTH, keyEnd - key);
      read(true, key, keys, block);
      for (int i = 0; i < count(); i++) {
        if (sees(i, key, keys)) {
          int to = scoreOffset(i, key);
          AttentionBlock.scores(
              task.op().scale(), queries, i * queryStride, block, length(), keys, scores, to);
        }
      }
    }
  }

  private void scoreTurned(Scratch scratch) {
    int length = length();
    float[] block = scratch.floats(BLOCK, Tile.COLS * blockStride());
    float[] panel = scratch.floats(PANEL, length * Tile.COLS);
    float[] sums = scratch.floats(SUMS, Tile.ROWS * Tile.COLS);
    for (int key = keyStart; key < keyEnd; key += Tile.COLS) {
      int keys = Math.min(Tile.COLS, keyEnd - key);
      read(true, key, keys, block);
      turn(block, keys, panel);
      for (int i = 0; i < count(); i += Tile.ROWS) {
        if (!sees(Math.min(i + Tile.ROWS, count()) - 1, key, keys) && !sees(i, key, keys)) {
          continue;
        }
        Arrays.fill(sums, 0, Tile.ROWS * Tile.COLS, 0);
        Tile.multiply(queries, i * queryStride, panel, 0, length, sums, 0);
        for (int r = 0; r < Tile.ROWS; r++) {
          int to = scoreOffset(i + r, key);
          Rows.scale(task.op().scale(), sums, r * Tile.COLS, scores, to, Tile.COLS);
        }
      }
    }
  }

  /// Whether row `i` sees one of the keys from `key` on.
  private boolean sees(int i, int key, int keys) {
    int r = queryRow(i);
    return firstSeen(r) < key + keys && seenEnd(r) > key;
  }

  /// Keys become columns; those that are missing are zero.
  private void turn(float[] block, int keys, float[] panel) {
    int stride = blockStride();
    int length = length();
    for (int t = 0; t < Tile.COLS; t++) {
      if (t < keys) {
        for (int c = 0; c < length; c++) {
          panel[t + c * Tile.COLS] = block[t * stride + c];
        }
      } else {
        for (int c = 0; c < length; c++) {
          panel[t + c * Tile.COLS] = 0;
        }
      }
    }
  }

  /// Probabilities of row `i`; zero for what it does not see, up to the end of the last tile.
  private void softmax(int i) {
    int end = keyStart + Math.ceilDiv(keyEnd - keyStart, Tile.COLS) * Tile.COLS;
    if (i >= count()) {
      zero(i, keyStart, end);
      return;
    }
    int r = queryRow(i);
    int first = firstSeen(r);
    int last = seenEnd(r);
    if (span == null && task.segments() != null) {
      hideOtherSegments(i, r);
    }
    float max = Float.NEGATIVE_INFINITY;
    for (int key = first, next; key < last; key = next) {
      next = stripEnd(key, last);
      max = Math.max(max, Rows.max(scores, scoreOffset(i, key), next - key));
    }
    float sum = 0;
    for (int key = first, next; key < last; key = next) {
      next = stripEnd(key, last);
      int at = scoreOffset(i, key);
      sum += Rows.expAndSum(max, scores, at, scores, at, next - key);
    }
    for (int key = first, next; key < last; key = next) {
      next = stripEnd(key, last);
      int at = scoreOffset(i, key);
      Rows.scale(1 / sum, scores, at, scores, at, next - key);
      if (isRounded()) {
        Rows.roundToF16Digits(scores, at, scores, at, next - key);
      }
    }
    zero(i, keyStart, first);
    zero(i, last, end);
  }

  private void hideOtherSegments(int i, int r) {
    for (int key = keyStart; key < keyEnd; key++) {
      if (!task.isSeen(r, key)) {
        scores[scoreOffset(i, key)] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private void zero(int i, int from, int to) {
    for (int key = from, next; key < to; key = next) {
      next = stripEnd(key, to);
      int at = scoreOffset(i, key);
      Arrays.fill(scores, at, at + next - key, 0);
    }
  }

  /// The end of `key`'s strip, at most `end`.
  private int stripEnd(int key, int end) {
    return Math.min(end, key + STRIP - (key - keyStart) % STRIP);
  }

  private void mixFew(Scratch scratch) {
    int length = length();
    float[] block = scratch.floats(BLOCK, AttentionBlock.LENGTH * blockStride());
    for (int i = 0; i < count(); i++) {
      Arrays.fill(task.y(), offset(i), offset(i) + length, 0);
    }
    for (int key = keyStart; key < keyEnd; key += AttentionBlock.LENGTH) {
      int keys = Math.min(AttentionBlock.LENGTH, keyEnd - key);
      read(false, key, keys, block);
      for (int i = 0; i < count(); i++) {
        if (sees(i, key, keys)) {
          int at = scoreOffset(i, key);
          AttentionBlock.mix(scores, at, keys, block, length, task.y(), offset(i));
        }
      }
    }
  }

  private void mixMany(Scratch scratch) {
    int groups = Math.ceilDiv(length(), Tile.COLS);
    int tile = Tile.ROWS * Tile.COLS;
    float[] block = scratch.floats(BLOCK, VALUE_KEYS * blockStride());
    float[] panel = scratch.floats(PANEL, groups * VALUE_KEYS * Tile.COLS);
    float[] sums = scratch.floats(SUMS, paddedCount() * groups * Tile.COLS);
    Arrays.fill(sums, 0, paddedCount() * groups * Tile.COLS, 0);
    for (int key = keyStart; key < keyEnd; key += VALUE_KEYS) {
      int keys = Math.min(VALUE_KEYS, keyEnd - key);
      read(false, key, keys, block);
      split(block, keys, groups, panel);
      for (int i = 0; i < count(); i += Tile.ROWS) {
        if (!sees(Math.min(i + Tile.ROWS, count()) - 1, key, keys) && !sees(i, key, keys)) {
          continue;
        }
        for (int g = 0; g < groups; g++) {
          int to = (i / Tile.ROWS * groups + g) * tile;
          int from = g * VALUE_KEYS * Tile.COLS;
          Tile.multiply(scores, scoreOffset(i, key), panel, from, keys, sums, to);
        }
      }
    }
    for (int i = 0; i < count(); i++) {
      for (int c = 0; c < length(); c += Tile.COLS) {
        int from = (i / Tile.ROWS * groups + c / Tile.COLS) * tile + i % Tile.ROWS * Tile.COLS;
        int cols = Math.min(Tile.COLS, length() - c);
        System.arraycopy(sums, from, task.y(), offset(i) + c, cols);
      }
    }
  }

  /// Values in groups of a tile's columns: `[groups, VALUE_KEYS, COLS]`.
  private void split(float[] block, int keys, int groups, float[] panel) {
    int stride = blockStride();
    for (int g = 0; g < groups; g++) {
      int cols = Math.min(Tile.COLS, stride - g * Tile.COLS);
      for (int t = 0; t < keys; t++) {
        int to = (g * VALUE_KEYS + t) * Tile.COLS;
        System.arraycopy(block, t * stride + g * Tile.COLS, panel, to, cols);
        Arrays.fill(panel, to + cols, to + Tile.COLS, 0);
      }
    }
  }

  /// Distance of keys, and of values, in a block: whole vectors, zero beyond their length.
  private int blockStride() {
    return AttentionBlock.stride(length());
  }

  /// Widens keys, or values, to floats: `[keys, blockStride]`.
  private void read(boolean isKeys, int key, int keys, float[] block) {
    int length = length();
    int stride = blockStride();
    if (stride > length) {
      Arrays.fill(block, 0, keys * stride, 0);
    }
    if (span == null) {
      float[] from = isKeys ? task.k() : task.v();
      for (int t = 0; t < keys; t++) {
        int at = (key + t) * task.keyCols() + headKv * length;
        System.arraycopy(from, at, block, t * stride, length);
      }
      return;
    }
    int layer = task.op().cacheLayer();
    MemorySegment plane = isKeys ? span.cache().keys(layer) : span.cache().values(layer);
    DType dtype = span.cache().layout().dtype();
    VectorWeights reader = VectorWeights.of(dtype);
    long at = dtype.bytes(((long) headKv * span.cache().capacity() + key) * length);
    if (stride == length) {
      reader.read(plane, at, keys * length, block, 0);
      return;
    }
    long rowBytes = dtype.bytes(length);
    for (int t = 0; t < keys; t++) {
      reader.read(plane, at + t * rowBytes, length, block, t * stride);
    }
  }
}
