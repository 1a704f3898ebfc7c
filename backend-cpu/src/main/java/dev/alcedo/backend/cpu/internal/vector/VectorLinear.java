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
  // Activations that are used over and over: 128 rows of 2048 columns are 1 MB of second-level
  // cache.
  private static final int SLAB_GROUPS = 128 / Tile.COLS;
  private static final int SLAB_COLS = 4 * Tile.DEPTH;

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

  /// Slabs of activations that fit the cache; for each, all weight rows in tiles.
  private void many(
      VectorWeights weights,
      float[] x,
      int rows,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to,
      Scratch scratch) {
    int groupCount = Math.ceilDiv(rows, Tile.COLS);
    float[] panel = scratch.floats(PANEL, Tile.ROWS * Tile.DEPTH);
    float[] sums = scratch.floats(SUMS, SLAB_GROUPS * Tile.ROWS * Tile.COLS);
    for (int col = 0; col < k(); col += SLAB_COLS) {
      for (int group = 0; group < groupCount; group += SLAB_GROUPS) {
        int groupEnd = Math.min(group + SLAB_GROUPS, groupCount);
        for (int j = from; j < to; j += Tile.ROWS) {
          int end = Math.min(j + Tile.ROWS, to);
          sum(weights, x, groupCount, group, groupEnd, col, j, end, panel, sums);
          store(rows, group, col == 0, bias, y, j, end, sums);
        }
      }
    }
  }

  /// Sums over a slab's columns for weight rows `from..to-1`: `[groups, Tile.ROWS, Tile.COLS]`.
  private void sum(
      VectorWeights weights,
      float[] x,
      int groupCount,
      int group,
      int groupEnd,
      int col,
      int from,
      int to,
      float[] panel,
      float[] sums) {
    int colEnd = Math.min(col + SLAB_COLS, k());
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

  /// Adds sums to y, or sets y at the first slab of columns, bias included.
  private void store(
      int rows,
      int group,
      boolean isFirst,
      float @Nullable [] bias,
      float[] y,
      int from,
      int to,
      float[] sums) {
    int n = n();
    int rowEnd = Math.min(rows, (group + SLAB_GROUPS) * Tile.COLS);
    for (int row = group * Tile.COLS; row < rowEnd; row++) {
      int t = row - group * Tile.COLS;
      int s = t / Tile.COLS * Tile.ROWS * Tile.COLS + t % Tile.COLS;
      for (int j = from; j < to; j++, s += Tile.COLS) {
        float before = isFirst ? bias == null ? 0 : bias[j] : y[row * n + j];
        y[row * n + j] = before + sums[s];
      }
    }
  }
}
