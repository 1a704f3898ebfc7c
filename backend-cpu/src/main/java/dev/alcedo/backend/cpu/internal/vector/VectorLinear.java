// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.MappedLinear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A linear layer on weights that are read where they are mapped, in three ways. One activation row
/// (decode): dot products, for memory is the limit. A few rows: each weight row is widened to
/// floats once and multiplied with every activation row. Many (prefill): tiles in registers.
///
/// @param weight `[n, k]`, native memory
record VectorLinear(TensorView weight) implements MappedLinear {
  // Activations that weights, once widened, are multiplied with: 2 MB, of which a group of rows is
  // read at a time, in order. With half of that, which a second-level cache holds, a 1.1B shape in
  // F16 prefilled 45.9 tokens a second; 49.1 with this, 50.4 with twice as much, which smaller
  // devices' caches would not hold at all.
  private static final int SLAB_LENGTH = 1 << 19;
  private static final int SLAB_BLOCKS = 4;

  private static final int WEIGHT_ROW = 0;
  private static final int PANEL = 1;
  private static final int SUMS = 2;

  @Override
  public int grain() {
    return Tile.ROWS;
  }

  @Override
  public void run(
      Operand operand,
      int rows,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to,
      Scratch scratch) {
    var x = (RowOperand) operand;
    VectorWeights weights = VectorWeights.of(weight.dtype());
    if (rows == 1 && x.isFew(1) && weights instanceof DotWeights dots) {
      one(dots, x.rows(), bias, y, from, to);
    } else if (x.isFew(rows)) {
      few(weights, x.rows(), rows, bias, y, from, to, scratch);
    } else {
      many(weights, x.packed(), rows, bias, y, from, to, scratch);
    }
  }

  private void one(
      DotWeights weights, float[] x, float @Nullable [] bias, float[] y, int from, int to) {
    long rowBytes = weight.rowBytes();
    for (int j = from; j < to; j++) {
      float sum = weights.dot(weight.data(), j * rowBytes, k(), x, 0);
      y[j] = bias == null ? sum : sum + bias[j];
    }
  }

  private void few(
      VectorWeights weights,
      float[] x,
      int rows,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to,
      Scratch scratch) {
    int k = k();
    int n = n();
    long rowBytes = weight.rowBytes();
    float[] w = scratch.floats(WEIGHT_ROW, k);
    for (int j = from; j < to; j++) {
      weights.read(weight.data(), j * rowBytes, k, w, 0);
      for (int i = 0; i < rows; i++) {
        float sum = Rows.dot(x, i * k, w, 0, k);
        y[i * n + j] = bias == null ? sum : sum + bias[j];
      }
    }
  }

  /// Slabs of activations, about equally large, so that no weight is widened for a few rows; for
  /// each, all weight rows in tiles.
  private void many(
      VectorWeights weights,
      float[] x,
      int rows,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to,
      Scratch scratch) {
    int blocks = evenly(Math.ceilDiv(k(), Tile.DEPTH), SLAB_BLOCKS);
    int cols = Math.min(blocks * Tile.DEPTH, k());
    int groupCount = Math.ceilDiv(rows, Tile.COLS);
    int groups = evenly(groupCount, SLAB_LENGTH / Tile.COLS / cols);
    float[] panel = scratch.floats(PANEL, Tile.ROWS * Tile.DEPTH);
    float[] sums = scratch.floats(SUMS, groups * Tile.ROWS * Tile.COLS);
    for (int col = 0; col < k(); col += cols) {
      int colEnd = Math.min(col + cols, k());
      for (int group = 0; group < groupCount; group += groups) {
        int groupEnd = Math.min(group + groups, groupCount);
        int rowEnd = Math.min(rows, groupEnd * Tile.COLS);
        for (int j = from; j < to; j += Tile.ROWS) {
          int end = Math.min(j + Tile.ROWS, to);
          sum(weights, x, groupCount, group, groupEnd, col, colEnd, j, end, panel, sums);
          store(sums, group * Tile.COLS, rowEnd, col > 0, bias, y, j, end);
        }
      }
    }
  }

  /// The length of the longest of as many parts of `count` as are needed for none to be over `max`.
  private static int evenly(int count, int max) {
    return Math.ceilDiv(count, Math.ceilDiv(count, max));
  }

  /// Sums over a slab's columns for weight rows `from..to-1`: `[groups, Tile.ROWS, Tile.COLS]`.
  private void sum(
      VectorWeights weights,
      float[] x,
      int groupCount,
      int group,
      int groupEnd,
      int col,
      int colEnd,
      int from,
      int to,
      float[] panel,
      float[] sums) {
    Arrays.fill(sums, 0, (groupEnd - group) * Tile.ROWS * Tile.COLS, 0);
    for (int c = col; c < colEnd; c += Tile.DEPTH) {
      int depth = Math.min(Tile.DEPTH, colEnd - c);
      for (int j = from; j < to; j++) {
        long offset = j * weight.rowBytes() + weight.dtype().bytes(c);
        weights.read(weight.data(), offset, depth, panel, (j - from) * Tile.DEPTH);
      }
      for (int g = group; g < groupEnd; g++) {
        int a = RowOperand.packedOffset(groupCount, c / Tile.DEPTH, g, depth);
        int s = (g - group) * Tile.ROWS * Tile.COLS;
        Tile.multiply(panel, 0, x, a, depth, sums, s);
      }
    }
  }

  /// Sums of activation rows `row..rowEnd-1` and weight rows `from..to-1` to y.
  private void store(
      float[] sums,
      int row,
      int rowEnd,
      boolean isAdded,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to) {
    for (int t = 0; t < rowEnd - row; t++) {
      int s = t / Tile.COLS * Tile.ROWS * Tile.COLS + t % Tile.COLS;
      int at = (row + t) * n() + from;
      if (isAdded) {
        add(sums, s, y, at, to - from);
      } else {
        set(sums, s, bias, from, y, at, to - from);
      }
    }
  }

  /// Sets y for one activation row: sums of the first slab of columns, and bias.
  private static void set(
      float[] sums, int so, float @Nullable [] bias, int bo, float[] y, int yo, int count) {
    for (int j = 0; j < count; j++) {
      y[yo + j] = sums[so + j * Tile.COLS];
    }
    if (bias != null) {
      for (int j = 0; j < count; j++) {
        y[yo + j] += bias[bo + j];
      }
    }
  }

  private static void add(float[] sums, int so, float[] y, int yo, int count) {
    for (int j = 0; j < count; j++) {
      y[yo + j] += sums[so + j * Tile.COLS];
    }
  }
}
