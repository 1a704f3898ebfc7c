// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.MatMulTask;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.Arrays;

/// Linear layers in three ways. One activation row (decode): dot products straight from the mapped
/// weights, for memory is the limit. A few rows: each weight row is widened to floats once and
/// multiplied with every activation row. Many (prefill): tiles in registers over packed
/// activations.
///
/// Packed form: blocks of [Tile#DEPTH] columns, in each block groups of [Tile#COLS] rows, in each
/// group `[columns, Tile.COLS]`; rows that are missing from the last group are zero.
final class VectorMatMul {
  // Up to here a padded tile would waste more than dot products do.
  private static final int FEW_ROWS = Lanes.LENGTH;
  // Activations that are used over and over: 128 rows of 2048 columns are 1 MB of second-level
  // cache.
  private static final int SLAB_GROUPS = 128 / Tile.COLS;
  private static final int SLAB_COLS = 4 * Tile.DEPTH;

  private static final int WEIGHT_ROW = 0;
  private static final int PANEL = 1;
  private static final int SUMS = 2;

  private VectorMatMul() {}

  static int packedLength(int rows, int k) {
    return rows <= FEW_ROWS ? 0 : Math.multiplyExact(Math.ceilDiv(rows, Tile.COLS) * Tile.COLS, k);
  }

  /// Pieces are groups within blocks.
  static int packUnits(int rows, int k) {
    return rows <= FEW_ROWS ? 0 : Math.ceilDiv(rows, Tile.COLS) * Math.ceilDiv(k, Tile.DEPTH);
  }

  static void pack(float[] x, int rows, int k, int unit, float[] packed) {
    int groupCount = Math.ceilDiv(rows, Tile.COLS);
    int block = unit / groupCount;
    int group = unit % groupCount;
    int depth = Math.min(Tile.DEPTH, k - block * Tile.DEPTH);
    int to = packedOffset(groupCount, block, group, depth);
    for (int t = 0; t < Tile.COLS; t++) {
      int row = group * Tile.COLS + t;
      int from = row * k + block * Tile.DEPTH;
      for (int i = 0; i < depth; i++) {
        packed[to + i * Tile.COLS + t] = row < rows ? x[from + i] : 0;
      }
    }
  }

  private static int packedOffset(int groupCount, int block, int group, int depth) {
    return (block * Tile.DEPTH * groupCount + group * depth) * Tile.COLS;
  }

  static void run(MatMulTask task, int rows, int from, int to, Scratch scratch) {
    if (rows == 1 && VectorWeights.of(task.weight().dtype()).canDotInPlace()) {
      one(task, from, to);
    } else if (rows <= FEW_ROWS) {
      few(task, rows, from, to, scratch);
    } else {
      many(task, rows, from, to, scratch);
    }
  }

  private static void one(MatMulTask task, int from, int to) {
    TensorView weight = task.weight();
    VectorWeights weights = VectorWeights.of(weight.dtype());
    float[] bias = task.bias();
    long rowBytes = weight.rowBytes();
    for (int j = from; j < to; j++) {
      float sum = weights.dot(weight.data(), j * rowBytes, task.k(), task.x(), 0);
      task.y()[j] = bias == null ? sum : sum + bias[j];
    }
  }

  private static void few(MatMulTask task, int rows, int from, int to, Scratch scratch) {
    TensorView weight = task.weight();
    VectorWeights weights = VectorWeights.of(weight.dtype());
    float[] bias = task.bias();
    int k = task.k();
    int n = task.n();
    long rowBytes = weight.rowBytes();
    float[] w = scratch.floats(WEIGHT_ROW, k);
    for (int j = from; j < to; j++) {
      weights.read(weight.data(), j * rowBytes, k, w, 0);
      for (int i = 0; i < rows; i++) {
        float sum = Rows.dot(task.x(), i * k, w, 0, k);
        task.y()[i * n + j] = bias == null ? sum : sum + bias[j];
      }
    }
  }

  /// Slabs of activations that fit the cache; for each, all weight rows in tiles.
  private static void many(MatMulTask task, int rows, int from, int to, Scratch scratch) {
    int groupCount = Math.ceilDiv(rows, Tile.COLS);
    float[] panel = scratch.floats(PANEL, Tile.ROWS * Tile.DEPTH);
    float[] sums = scratch.floats(SUMS, SLAB_GROUPS * Tile.ROWS * Tile.COLS);
    for (int col = 0; col < task.k(); col += SLAB_COLS) {
      for (int group = 0; group < groupCount; group += SLAB_GROUPS) {
        int groupEnd = Math.min(group + SLAB_GROUPS, groupCount);
        for (int j = from; j < to; j += Tile.ROWS) {
          int end = Math.min(j + Tile.ROWS, to);
          sum(task, groupCount, group, groupEnd, col, j, end, panel, sums);
          store(task, rows, group, col == 0, j, end, sums);
        }
      }
    }
  }

  /// Sums over a slab's columns for weight rows `from..to-1`: `[groups, Tile.ROWS, Tile.COLS]`.
  private static void sum(
      MatMulTask task,
      int groupCount,
      int group,
      int groupEnd,
      int col,
      int from,
      int to,
      float[] panel,
      float[] sums) {
    TensorView weight = task.weight();
    VectorWeights weights = VectorWeights.of(weight.dtype());
    int colEnd = Math.min(col + SLAB_COLS, task.k());
    Arrays.fill(sums, 0, (groupEnd - group) * Tile.ROWS * Tile.COLS, 0);
    for (int c = col; c < colEnd; c += Tile.DEPTH) {
      int depth = Math.min(Tile.DEPTH, colEnd - c);
      for (int j = from; j < to; j++) {
        long offset = j * weight.rowBytes() + weight.dtype().bytes(c);
        weights.read(weight.data(), offset, depth, panel, (j - from) * Tile.DEPTH);
      }
      for (int g = group; g < groupEnd; g++) {
        int a = packedOffset(groupCount, c / Tile.DEPTH, g, depth);
        int s = (g - group) * Tile.ROWS * Tile.COLS;
        Tile.multiply(panel, 0, task.packed(), a, depth, sums, s);
      }
    }
  }

  /// Adds sums to y, or sets y at the first slab of columns, bias included.
  private static void store(
      MatMulTask task, int rows, int group, boolean isFirst, int from, int to, float[] sums) {
    float[] bias = task.bias();
    float[] y = task.y();
    int n = task.n();
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
