// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.SHORTS;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A linear layer on packed weights. One activation row (decode): products straight from the packed
/// weights, for memory is the limit. More (prefill): the numbers of a chunk are unpacked to a panel
/// in the first-level cache, once for all activation rows.
final class PackedLinear implements Linear {
  private static final int TILE_ROWS = PackedTile.VECTORS * LENGTH;
  private static final int GRAIN = Math.max(TILE_ROWS, Layout.ROWS);
  // Scales of a chunk: two parts, or scale and minimum, of each block.
  private static final int SCALE_VECTORS = 2 * Layout.CHUNK_BLOCKS;

  private static final int SCALES = 0;
  private static final int RESULTS = 1;
  private static final int SUMS = 0;
  private static final int PANEL = 1;

  private final PackedWeight weight;
  private final Layout layout;
  private final PackedKernels kernels;
  private final int parts;
  private final boolean hasMins;
  private final int scaleStride;

  PackedLinear(PackedWeight weight, PackedKernels kernels) {
    this.weight = weight;
    this.layout = weight.layout();
    this.kernels = kernels;
    this.parts = layout.codes().parts();
    this.hasMins = layout.scales().hasMins();
    this.scaleStride = hasMins ? 2 * TILE_ROWS : TILE_ROWS;
  }

  @Override
  public Operand.Form form() {
    return Operand.Form.QUANTISED;
  }

  @Override
  public int n() {
    return weight.n();
  }

  @Override
  public int k() {
    return weight.k();
  }

  @Override
  public int grain() {
    return GRAIN;
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
    var x = (QuantisedRows) operand;
    if (rows == 1) {
      for (int row = from; row < to; row += TILE_ROWS) {
        one(x, bias, y, row, Math.min(row + TILE_ROWS, to), scratch);
      }
    } else {
      for (int row = from; row < to; row += TILE_ROWS) {
        many(x, rows, bias, y, row, Math.min(row + TILE_ROWS, to), scratch);
      }
    }
  }

  /// A tile of weight rows times one activation row: whole sums of a chunk, then their scales, for
  /// that is the order in memory.
  private void one(
      QuantisedRows x, float @Nullable [] bias, float[] y, int row, int end, Scratch scratch) {
    int step = PackedTile.VECTORS * SHORTS;
    short[] sums = scratch.shorts(SUMS, Layout.CHUNK_BLOCKS * parts * step);
    float[] result = scratch.floats(RESULTS, TILE_ROWS);
    Arrays.fill(result, 0, TILE_ROWS, 0);
    long at = lanes(row);
    // There may be no memory behind the last rows.
    long next = row + LENGTH < end ? lanes(row + LENGTH) - at : 0;
    int blockCount = weight.k() / Layout.BLOCK;
    for (int block = 0; block < blockCount; block += Layout.CHUNK_BLOCKS) {
      int blocks = Math.min(Layout.CHUNK_BLOCKS, blockCount - block);
      kernels.dot(weight.data(), at, next, blocks, x.row(), block, sums);
      at += (long) blocks * layout.codes().blockBytes();
      for (int v = 0; v < PackedTile.VECTORS; v++) {
        kernels.scale(
            weight.data(),
            at + v * next,
            blocks,
            sums,
            v * SHORTS,
            step,
            x,
            block,
            result,
            v * LENGTH);
      }
      at += layout.scales().bytes(blocks);
    }
    for (int j = row; j < end; j++) {
      y[j] = bias == null ? result[j - row] : result[j - row] + bias[j];
    }
  }

  /// Where the lanes of a vector of weight rows begin.
  private long lanes(int row) {
    return row / Layout.ROWS * weight.groupBytes() + 4L * (row % Layout.ROWS);
  }

  /// A tile of weight rows times all activation rows.
  private void many(
      QuantisedRows x,
      int rows,
      float @Nullable [] bias,
      float[] y,
      int row,
      int end,
      Scratch scratch) {
    int padded = PackedTile.padded(rows);
    float[] results = scratch.floats(RESULTS, padded * TILE_ROWS);
    Arrays.fill(results, 0, padded * TILE_ROWS, 0);
    int blockCount = weight.k() / Layout.BLOCK;
    for (int block = 0; block < blockCount; block += Layout.CHUNK_BLOCKS) {
      int blocks = Math.min(Layout.CHUNK_BLOCKS, blockCount - block);
      chunk(x, padded, row, block, blocks, results, scratch);
    }
    for (int i = 0; i < rows; i++) {
      int from = i * TILE_ROWS;
      int to = i * weight.n() + row;
      for (int j = 0; j < end - row; j++) {
        y[to + j] = bias == null ? results[from + j] : results[from + j] + bias[row + j];
      }
    }
  }

  private void chunk(
      QuantisedRows x, int rows, int row, int block, int blocks, float[] results, Scratch scratch) {
    short[] panel = scratch.shorts(PANEL, Layout.CHUNK / 2 * PackedTile.VECTORS * SHORTS);
    float[] scales = scratch.floats(SCALES, SCALE_VECTORS * TILE_ROWS);
    for (int v = 0; v < PackedTile.VECTORS; v++) {
      unpack(row + v * LENGTH, block, blocks, panel, v * SHORTS, scales, v * LENGTH);
    }
    int pairs = Pairs.COUNT / parts;
    int sumsLength = PackedTile.TOKENS * PackedTile.VECTORS * SHORTS;
    short[] sums = scratch.shorts(SUMS, blocks * parts * sumsLength);
    int stride = x.blockCount() * Pairs.COUNT;
    for (int t = 0; t < rows; t += PackedTile.TOKENS) {
      int first = t * x.blockCount() + block;
      for (int i = 0; i < blocks * parts; i++) {
        PackedTile.multiply(
            panel,
            i * pairs * PackedTile.VECTORS * SHORTS,
            pairs,
            x.pairs(),
            (first + i / parts) * Pairs.COUNT + i % parts * pairs,
            stride,
            sums,
            i * sumsLength);
      }
      for (int v = 0; v < PackedTile.VECTORS; v++) {
        addTile(sums, v, blocks, scales, x, first, results, t * TILE_ROWS + v * LENGTH);
      }
    }
  }

  /// Scales the sums of a tile with vector `v` of weight rows, and adds them.
  private void addTile(
      short[] sums, int v, int blocks, float[] scales, QuantisedRows x, int xo, float[] y, int yo) {
    int next = PackedTile.VECTORS * SHORTS;
    int step = PackedTile.TOKENS * next;
    int so = v * SHORTS;
    int wo = v * LENGTH;
    Scaling.addTile(
        sums,
        so,
        step,
        next,
        blocks * parts,
        parts,
        scales,
        wo,
        scaleStride,
        x.scales(),
        xo,
        x.blockCount(),
        y,
        yo,
        TILE_ROWS);
    if (hasMins) {
      int mins = wo + TILE_ROWS;
      Scaling.addMins(
          blocks, scales, mins, scaleStride, x.sums(), xo, x.blockCount(), y, yo, TILE_ROWS);
    }
  }

  /// A vector of weight rows of a chunk: numbers to the panel, and scales.
  private void unpack(
      int row, int block, int blocks, short[] panel, int po, float[] scales, int so) {
    if (row >= Layout.groupCount(weight.n()) * Layout.ROWS) {
      return; // what the panel holds is computed with and not stored
    }
    int lane = row % Layout.ROWS;
    long at =
        row / Layout.ROWS * weight.groupBytes()
            + (long) (block / Layout.CHUNK_BLOCKS) * layout.chunkBytes(Layout.CHUNK_BLOCKS);
    int stride = PackedTile.VECTORS * SHORTS;
    kernels.unpack(weight.data(), at, blocks, lane, panel, po, stride);
    at += (long) blocks * layout.codes().blockBytes();
    kernels.readScales(weight.data(), at, blocks, lane, scales, so, TILE_ROWS);
  }
}
