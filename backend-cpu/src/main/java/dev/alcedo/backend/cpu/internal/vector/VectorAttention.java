// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Attention without a matrix of scores (online softmax; Milakov and Gimelshein 2018, Dao et al.
/// 2022): keys and values come in blocks, widened to floats once for all query rows and heads of a
/// piece that share them. A query carries the maximum of its scores so far, the sum of their
/// exponentials, and the mean of the values weighted with them; when a block has a larger score,
/// the two sums are scaled down. Keys that a query does not see are left out as whole runs.
///
/// A piece is a key/value head of up to [#ROW_COUNT] query rows.
final class VectorAttention {
  private static final int ROW_COUNT = 16;
  private static final int BLOCK = AttentionBlock.LENGTH_MAX;

  private static final int KEYS = 3;
  private static final int VALUES = 4;
  private static final int SCORES = 5;
  private static final int STATES = 6;

  private VectorAttention() {}

  static int units(AttentionTask task, Run run) {
    int rows = run.itemCount() * task.rowsPerItem();
    return Math.ceilDiv(rows, ROW_COUNT) * task.op().headCountKv();
  }

  static void run(AttentionTask task, Run run, int from, int to, Scratch scratch) {
    int rows = run.itemCount() * task.rowsPerItem();
    for (int unit = from; unit < to; unit++) {
      int headKv = unit % task.op().headCountKv();
      int row = unit / task.op().headCountKv() * ROW_COUNT;
      int end = Math.min(row + ROW_COUNT, rows);
      while (row < end) { // rows that share keys
        row =
            task.op().isCausal()
                ? causal(task, run.spanOf(row), row, end, headKv, scratch)
                : bidirectional(task, row, end, headKv, scratch);
      }
    }
  }

  /// Rows from `row` on as far as they belong to the span; returns where they end.
  private static int causal(
      AttentionTask task, Bindings.Span span, int row, int rowEnd, int headKv, Scratch scratch) {
    Op.Attention op = task.op();
    int length = op.headLength();
    int end = Math.min(rowEnd, span.itemStart() + span.itemCount());
    int shift = span.position() - span.itemStart(); // from a row to its position
    VectorWeights reader = VectorWeights.of(span.cache().layout().dtype());
    var keys = span.cache().keys(op.cacheLayer());
    var values = span.cache().values(op.cacheLayer());
    float[] k = block(scratch, KEYS, length);
    float[] v = block(scratch, VALUES, length);
    float[] states = begin(task, row, end, headKv, scratch);
    int keyEnd = AttentionTask.visibleEnd(span, end + shift - 1);
    long rowBytes = span.cache().layout().dtype().bytes(length);
    for (int key = task.firstVisible(row + shift); key < keyEnd; key += BLOCK) {
      int count = Math.min(BLOCK, keyEnd - key);
      long element = ((long) headKv * span.cache().capacity() + key) * length;
      long offset = span.cache().layout().dtype().bytes(element);
      read(reader, keys, offset, count, length, rowBytes, k);
      read(reader, values, offset, count, length, rowBytes, v);
      for (int r = row; r < end; r++) {
        int first = Math.max(0, task.firstVisible(r + shift) - key);
        int last = Math.min(count, AttentionTask.visibleEnd(span, r + shift) - key);
        if (first < last) {
          block(task, r, r - row, headKv, k, v, first, last, states, scratch);
        }
      }
    }
    finish(task, row, end, headKv, states);
    return end;
  }

  /// Memory for a block of keys or values, zero beyond their length.
  private static float[] block(Scratch scratch, int slot, int length) {
    int stride = AttentionBlock.stride(length);
    float[] block = scratch.floats(slot, BLOCK * stride);
    if (stride > length) {
      Arrays.fill(block, 0, BLOCK * stride, 0);
    }
    return block;
  }

  private static void read(
      VectorWeights reader,
      MemorySegment plane,
      long offset,
      int count,
      int length,
      long rowBytes,
      float[] block) {
    int stride = AttentionBlock.stride(length);
    if (stride == length) {
      reader.read(plane, offset, count * length, block, 0);
      return;
    }
    for (int i = 0; i < count; i++) {
      reader.read(plane, offset + i * rowBytes, length, block, i * stride);
    }
  }

  /// Rows from `row` on as far as they belong to one item; returns where they end.
  private static int bidirectional(
      AttentionTask task, int row, int rowEnd, int headKv, Scratch scratch) {
    int length = task.op().headLength();
    int stride = AttentionBlock.stride(length);
    int item = row / task.rowsPerItem();
    int end = Math.min(rowEnd, (item + 1) * task.rowsPerItem());
    int keyEnd = keyEnd(task, item, row, end);
    float[] k = block(scratch, KEYS, length);
    float[] v = block(scratch, VALUES, length);
    float[] states = begin(task, row, end, headKv, scratch);
    for (int key = keyStart(task, item, row, end); key < keyEnd; key += BLOCK) {
      int count = Math.min(BLOCK, keyEnd - key);
      for (int i = 0; i < count; i++) {
        int at = (key + i) * task.keyCols() + headKv * length;
        System.arraycopy(task.k(), at, k, i * stride, length);
        System.arraycopy(task.v(), at, v, i * stride, length);
      }
      for (int r = row; r < end; r++) {
        seen(task, r, r - row, headKv, key, count, k, v, states, scratch);
      }
    }
    finish(task, row, end, headKv, states);
    return end;
  }

  /// The first key row that one of the rows `row..end-1` sees.
  private static int keyStart(AttentionTask task, int item, int row, int end) {
    int key = item * task.keyRowsPerItem();
    while (!isSeenByAny(task, row, end, key)) {
      key++;
    }
    return key;
  }

  /// Where the key rows end that one of the rows `row..end-1` sees.
  private static int keyEnd(AttentionTask task, int item, int row, int end) {
    int key = (item + 1) * task.keyRowsPerItem();
    while (!isSeenByAny(task, row, end, key - 1)) {
      key--;
    }
    return key;
  }

  private static boolean isSeenByAny(AttentionTask task, int row, int end, int key) {
    for (int r = row; r < end; r++) {
      if (task.isSeen(r, key)) {
        return true;
      }
    }
    return false;
  }

  /// The runs of a block's keys that `row` sees: one of all of them, unless there are segments.
  private static void seen(
      AttentionTask task,
      int row,
      int stateRow,
      int headKv,
      int key,
      int count,
      float[] k,
      float[] v,
      float[] states,
      Scratch scratch) {
    int first = 0;
    while (first < count) {
      if (!task.isSeen(row, key + first)) {
        first++;
        continue;
      }
      int last = first + 1;
      while (last < count && task.isSeen(row, key + last)) {
        last++;
      }
      block(task, row, stateRow, headKv, k, v, first, last, states, scratch);
      first = last;
    }
  }

  /// For each row and each of its heads that read `headKv`: maximum and sum. The weighted values
  /// gather in y.
  private static float[] begin(AttentionTask task, int row, int end, int headKv, Scratch scratch) {
    int heads = task.op().headCount() / task.op().headCountKv();
    float[] states = scratch.floats(STATES, 2 * ROW_COUNT * heads);
    for (int r = row; r < end; r++) {
      for (int h = 0; h < heads; h++) {
        int state = 2 * ((r - row) * heads + h);
        states[state] = Float.NEGATIVE_INFINITY;
        states[state + 1] = 0;
      }
      int y = r * task.queryCols() + headKv * heads * task.op().headLength();
      Arrays.fill(task.y(), y, y + heads * task.op().headLength(), 0);
    }
    return states;
  }

  /// Keys `first..last-1` of a block for all heads of a row that read them.
  private static void block(
      AttentionTask task,
      int row,
      int stateRow,
      int headKv,
      float[] k,
      float[] v,
      int first,
      int last,
      float[] states,
      Scratch scratch) {
    int length = task.op().headLength();
    int heads = task.op().headCount() / task.op().headCountKv();
    float[] scores = scratch.floats(SCORES, BLOCK);
    for (int h = 0; h < heads; h++) {
      int at = row * task.queryCols() + (headKv * heads + h) * length;
      int state = 2 * (stateRow * heads + h);
      AttentionBlock.scores(task.op().scale(), task.q(), at, k, length, first, last, scores);
      float max = Math.max(states[state], Rows.max(scores, 0, BLOCK));
      float sum = AttentionBlock.exponentials(max, scores);
      float decay = (float) Math.exp(states[state] - max);
      states[state] = max;
      states[state + 1] = states[state + 1] * decay + sum;
      AttentionBlock.mix(decay, scores, v, length, first, last, task.y(), at);
    }
  }

  private static void finish(AttentionTask task, int row, int end, int headKv, float[] states) {
    int length = task.op().headLength();
    int heads = task.op().headCount() / task.op().headCountKv();
    for (int r = row; r < end; r++) {
      for (int h = 0; h < heads; h++) {
        int at = r * task.queryCols() + (headKv * heads + h) * length;
        float sum = states[2 * ((r - row) * heads + h) + 1];
        Rows.scale(1 / sum, task.y(), at, task.y(), at, length);
      }
    }
  }
}
