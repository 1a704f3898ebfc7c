// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Attention without a matrix of scores (online softmax; Milakov and Gimelshein 2018, Dao et al.
/// 2022): keys and values come in blocks, widened to floats once for all query rows and heads of a
/// piece that share them. A query carries the maximum of its scores so far, the sum of their
/// exponentials, and the mean of the values weighted with them; when a block has a larger score,
/// the two sums are scaled down.
///
/// A piece is a key/value head of up to [#ROW_COUNT] query rows.
final class VectorAttention {
  private static final int ROW_COUNT = 16;
  private static final int BLOCK = 64;

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
    float[] k = scratch.floats(KEYS, BLOCK * length);
    float[] v = scratch.floats(VALUES, BLOCK * length);
    float[] states = begin(task, row, end, headKv, scratch);
    int keyEnd = end + shift;
    for (int key = task.firstVisible(row + shift); key < keyEnd; key += BLOCK) {
      int count = Math.min(BLOCK, keyEnd - key);
      long element = ((long) headKv * span.cache().capacity() + key) * length;
      long offset = span.cache().layout().dtype().bytes(element);
      reader.read(keys, offset, count * length, k, 0);
      reader.read(values, offset, count * length, v, 0);
      for (int r = row; r < end; r++) {
        int first = Math.max(0, task.firstVisible(r + shift) - key);
        int last = Math.min(count, r + shift + 1 - key);
        if (first < last) {
          block(task, r, r - row, headKv, k, v, first, last, states, scratch);
        }
      }
    }
    finish(task, row, end, headKv, states);
    return end;
  }

  /// Rows from `row` on as far as they belong to one item; returns where they end.
  private static int bidirectional(
      AttentionTask task, int row, int rowEnd, int headKv, Scratch scratch) {
    int length = task.op().headLength();
    int keyStart = row - row % task.rowsPerItem();
    int end = Math.min(rowEnd, keyStart + task.rowsPerItem());
    float[] k = scratch.floats(KEYS, BLOCK * length);
    float[] v = scratch.floats(VALUES, BLOCK * length);
    float[] states = begin(task, row, end, headKv, scratch);
    for (int key = 0; key < task.rowsPerItem(); key += BLOCK) {
      int count = Math.min(BLOCK, task.rowsPerItem() - key);
      for (int i = 0; i < count; i++) {
        int at = (keyStart + key + i) * task.keyCols() + headKv * length;
        System.arraycopy(task.k(), at, k, i * length, length);
        System.arraycopy(task.v(), at, v, i * length, length);
      }
      for (int r = row; r < end; r++) {
        block(task, r, r - row, headKv, k, v, 0, count, states, scratch);
      }
    }
    finish(task, row, end, headKv, states);
    return end;
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
      for (int i = first; i < last; i++) {
        scores[i] = task.op().scale() * Rows.dot(task.q(), at, k, i * length, length);
      }
      float max = Math.max(states[state], Rows.max(scores, first, last - first));
      float sum = Rows.expAndSum(max, scores, first, scores, first, last - first);
      float decay = (float) Math.exp(states[state] - max);
      states[state] = max;
      states[state + 1] = states[state + 1] * decay + sum;
      mix(task.y(), at, decay, scores, v, first, last, length);
    }
  }

  /// `y = decay * y + sum of scores[i] * v[i]`.
  private static void mix(
      float[] y, int at, float decay, float[] scores, float[] v, int first, int last, int length) {
    int c = 0;
    for (; c <= length - LENGTH; c += LENGTH) {
      FloatVector sum = load(y, at + c).mul(decay);
      for (int i = first; i < last; i++) {
        sum = load(v, i * length + c).fma(FloatVector.broadcast(Lanes.F, scores[i]), sum);
      }
      sum.intoArray(y, at + c);
    }
    for (; c < length; c++) {
      float sum = y[at + c] * decay;
      for (int i = first; i < last; i++) {
        sum += v[i * length + c] * scores[i];
      }
      y[at + c] = sum;
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
