// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;

/// `softmax(scale * q kᵀ) v` for one row and one head at a time, sums in double. With an F16 cache
/// q and the probabilities are rounded to F16. The piece number is `row * headCount + head`.
final class ScalarAttention {
  private static final int SCORES = 1;
  private static final int KEYS = 2;
  private static final int QUERY = 3;

  private ScalarAttention() {}

  static void store(
      float[] x, int xOffset, MemorySegment plane, DType dtype, long index, int count) {
    if (dtype == DType.Q8_0) {
      Q8Blocks.write(x, xOffset, plane, dtype.bytes(index), count);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (dtype == DType.F16) {
        plane.set(PlainWeights.U16_LE, 2 * (index + i), Float.floatToFloat16(x[xOffset + i]));
      } else {
        plane.set(TensorView.F32_LE, 4 * (index + i), x[xOffset + i]);
      }
    }
  }

  static void run(AttentionTask task, Run run, int from, int to, Scratch scratch) {
    for (int unit = from; unit < to; unit++) {
      int row = unit / task.op().headCount();
      int head = unit % task.op().headCount();
      if (task.op().isCausal()) {
        causal(task, run.spanOf(row), row, head, scratch);
      } else {
        bidirectional(task, row, head, scratch);
      }
    }
  }

  private static void causal(
      AttentionTask task, Bindings.Span span, int row, int head, Scratch scratch) {
    Op.Attention op = task.op();
    int length = op.headLength();
    int position = span.position() + row - span.itemStart();
    int first = task.firstVisible(position);
    int count = AttentionTask.visibleEnd(span, position) - first;
    DType dtype = span.cache().layout().dtype();
    int headKv = head * op.headCountKv() / op.headCount();
    long at = dtype.bytes(((long) headKv * span.cache().capacity() + first) * length);
    float[] keys = scratch.floats(KEYS, count * length);
    WeightReader reader = ScalarWeights.of(dtype);
    reader.read(span.cache().keys(op.cacheLayer()), at, count * length, keys, 0);
    float[] scores = scratch.floats(SCORES, count);
    int q = row * task.queryCols() + head * length;
    float[] query = scratch.floats(QUERY, length);
    System.arraycopy(task.q(), q, query, 0, length);
    if (dtype == DType.F16) {
      ScalarLinear.roundToF16Digits(query, 0, query, 0, length);
    }
    score(task, query, 0, keys, 0, length, count, scores);
    ScalarRows.softmax(scores, 0, scores, 0, count);
    if (dtype == DType.F16) {
      ScalarLinear.roundToF16Digits(scores, 0, scores, 0, count);
    }
    reader.read(span.cache().values(op.cacheLayer()), at, count * length, keys, 0);
    mix(task, row, head, keys, 0, length, count, scores);
  }

  private static void bidirectional(AttentionTask task, int row, int head, Scratch scratch) {
    Op.Attention op = task.op();
    int headKv = head * op.headCountKv() / op.headCount();
    int count = task.keyRowsPerItem();
    int firstKey = row / task.rowsPerItem() * count;
    int at = firstKey * task.keyCols() + headKv * op.headLength();
    float[] scores = scratch.floats(SCORES, count);
    int q = row * task.queryCols() + head * op.headLength();
    score(task, task.q(), q, task.k(), at, task.keyCols(), count, scores);
    for (int j = 0; j < count; j++) {
      if (!task.isSeen(row, firstKey + j)) {
        scores[j] = Float.NEGATIVE_INFINITY;
      }
    }
    ScalarRows.softmax(scores, 0, scores, 0, count);
    mix(task, row, head, task.v(), at, task.keyCols(), count, scores);
  }

  /// The scores of `count` keys, `stride` elements apart.
  private static void score(
      AttentionTask task,
      float[] query,
      int q,
      float[] keys,
      int offset,
      int stride,
      int count,
      float[] scores) {
    int length = task.op().headLength();
    for (int j = 0; j < count; j++) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += (double) query[q + i] * keys[offset + j * stride + i];
      }
      scores[j] = (float) (task.op().scale() * sum);
    }
  }

  /// The mean of `count` values weighted with `scores`.
  private static void mix(
      AttentionTask task,
      int row,
      int head,
      float[] values,
      int offset,
      int stride,
      int count,
      float[] scores) {
    int length = task.op().headLength();
    int y = row * task.queryCols() + head * length;
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int j = 0; j < count; j++) {
        sum += (double) scores[j] * values[offset + j * stride + i];
      }
      task.y()[y + i] = (float) sum;
    }
  }
}
