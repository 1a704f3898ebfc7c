// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// Activations in floats. Few rows are read where they are; many are packed to tiles: blocks of
/// [Tile#DEPTH] columns, in each block groups of [Tile#COLS] rows, in each group `[columns,
/// Tile.COLS]`; rows that are missing from the last group are zero.
final class RowOperand implements Operand {
  // Up to here a padded tile would waste more than dot products do.
  private static final int FEW_ROWS = Lanes.LENGTH;
  private static final int ROUNDED = 5;

  private final Form form;
  private boolean isFewAsMany;
  private float[] packed = {};
  private float[] rounded = {};
  private float[] x = {};

  /// @param form PLAIN, BF16 or F16
  RowOperand(Form form) {
    this.form = form;
  }

  private boolean isRounded() {
    return form != Form.PLAIN;
  }

  private void round(float[] from, int fo, float[] to, int offset, int length) {
    if (form == Form.BF16) {
      Rows.roundToBf16(from, fo, to, offset, length);
    } else {
      Rows.roundToF16Digits(from, fo, to, offset, length);
    }
  }

  @Override
  public void takeFewAsMany() {
    isFewAsMany = true;
  }

  /// Whether rows are read where they are.
  boolean isFew(int rows) {
    return rows <= FEW_ROWS && !isFewAsMany;
  }

  /// Where a group of rows of a block begins.
  static int packedOffset(int groupCount, int block, int group, int depth) {
    return (block * Tile.DEPTH * groupCount + group * depth) * Tile.COLS;
  }

  @Override
  public void reserve(int rowsMax, int k) {
    if (isRounded()) {
      int length = Math.multiplyExact(Math.min(rowsMax, FEW_ROWS), k);
      rounded = rounded.length < length ? new float[length] : rounded;
    }
    if (!isFew(rowsMax)) {
      int length = Math.multiplyExact(Math.ceilDiv(rowsMax, Tile.COLS) * Tile.COLS, k);
      packed = packed.length < length ? new float[length] : packed;
    }
  }

  @Override
  public long byteSize() {
    return 4L * (packed.length + rounded.length);
  }

  /// Pieces are groups within blocks, or single rows that are rounded.
  @Override
  public int units(int rows, int k) {
    return isFew(rows)
        ? isRounded() ? rows : 1
        : Math.ceilDiv(rows, Tile.COLS) * Math.ceilDiv(k, Tile.DEPTH);
  }

  @Override
  public void prepare(float[] from, int rows, int k, int unit, Scratch scratch) {
    if (!isFew(rows)) {
      pack(from, rows, k, unit, scratch);
    } else if (isRounded()) {
      round(from, unit * k, rounded, unit * k, k);
      x = rounded;
    } else {
      x = from;
    }
  }

  private void pack(float[] from, int rows, int k, int unit, Scratch scratch) {
    int groupCount = Math.ceilDiv(rows, Tile.COLS);
    int block = unit / groupCount;
    int group = unit % groupCount;
    int depth = Math.min(Tile.DEPTH, k - block * Tile.DEPTH);
    int to = packedOffset(groupCount, block, group, depth);
    float[] row = scratch.floats(ROUNDED, Tile.DEPTH);
    for (int t = 0; t < Tile.COLS; t++) {
      int r = group * Tile.COLS + t;
      int at = r * k + block * Tile.DEPTH;
      if (r >= rows) {
        fill(packed, to + t, depth);
      } else if (isRounded()) {
        round(from, at, row, 0, depth);
        copy(row, 0, packed, to + t, depth);
      } else {
        copy(from, at, packed, to + t, depth);
      }
    }
  }

  private static void copy(float[] from, int at, float[] to, int offset, int length) {
    for (int i = 0; i < length; i++) {
      to[offset + i * Tile.COLS] = from[at + i];
    }
  }

  private static void fill(float[] to, int offset, int length) {
    for (int i = 0; i < length; i++) {
      to[offset + i * Tile.COLS] = 0;
    }
  }

  /// Rows as they are, if they are few: `[rows, k]`.
  float[] rows() {
    return x;
  }

  /// Rows packed, if they are many.
  float[] packed() {
    return packed;
  }
}
