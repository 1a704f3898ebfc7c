// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.LENGTH;

import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Activations rounded to 8 bits: in blocks of 32 columns, `x = scale * number` with numbers of
/// -127 to 127, as in Q8_0. Rows are filled up with zeros to whole tiles.
final class QuantisedRows implements Operand {
  /// Behind the pairs: the sum of pairs 0 to 7, then of 8 to 15, half by half, times -16. What a
  /// code's bias adds to a product is taken off before it comes.
  static final int MINUS_16 = Pairs.COUNT;

  /// Behind these: the sum of all pairs, times -8.
  static final int MINUS_8 = MINUS_16 + 2;

  /// Ints of a block.
  static final int BLOCK_INTS = MINUS_8 + 1;

  private static final int NUMBERS = 7;
  // Adding and subtracting it rounds a float below 2^22 to the nearest whole number, ties to even.
  private static final float ROUND = 0x1.8p23f;
  private static final float TINY = 0x1p-100f;
  private static final float UP = 0x1p60f;

  private int[] pairs = {};
  private float[] scales = {};
  private float[] sums = {};
  private int blockCount;

  @Override
  public void reserve(int rowsMax, int k) {
    int blocks = Math.multiplyExact(PackedTile.padded(rowsMax), k / Layout.BLOCK);
    if (scales.length < blocks) {
      pairs = new int[Math.multiplyExact(blocks, BLOCK_INTS)];
      scales = new float[blocks];
      sums = new float[blocks];
    }
  }

  @Override
  public long byteSize() {
    return 4L * (pairs.length + scales.length + sums.length);
  }

  @Override
  public int units(int rows, int k) {
    return rows == 1 ? 1 : PackedTile.padded(rows);
  }

  @Override
  public void prepare(float[] x, int rows, int k, int unit, Scratch scratch) {
    int blocks = k / Layout.BLOCK;
    if (unit == 0) {
      blockCount = blocks;
    }
    float[] numbers = scratch.floats(NUMBERS, Layout.BLOCK);
    for (int b = 0; b < blocks; b++) {
      int block = unit * blocks + b;
      if (unit < rows) {
        scales[block] = round(x, unit * k + b * Layout.BLOCK, numbers);
        pair(numbers, block);
      } else {
        Arrays.fill(pairs, block * BLOCK_INTS, (block + 1) * BLOCK_INTS, 0);
        scales[block] = 0;
        sums[block] = 0;
      }
    }
  }

  /// A block's numbers, as floats; returns its scale.
  private static float round(float[] x, int at, float[] numbers) {
    FloatVector max = FloatVector.zero(F);
    for (int i = 0; i < Layout.BLOCK; i += LENGTH) {
      max = max.max(FloatVector.fromArray(F, x, at + i).abs());
    }
    float most = max.reduceLanes(VectorOperators.MAX);
    // 1 / scale of a denormal scale is infinite.
    float up = most < TINY ? UP : 1;
    float scale = up * most / 127;
    float inverse = scale > 0 ? 1 / scale : 0;
    for (int i = 0; i < Layout.BLOCK; i += LENGTH) {
      FloatVector.fromArray(F, x, at + i)
          .mul(up)
          .mul(inverse)
          .add(ROUND)
          .sub(ROUND)
          .intoArray(numbers, i);
    }
    return scale / up;
  }

  /// A block's pairs and their sums.
  private void pair(float[] numbers, int block) {
    int at = block * BLOCK_INTS;
    int all = 0;
    for (int half = 0; half < 2; half++) {
      int sum = 0;
      for (int p = 8 * half; p < 8 * half + 8; p++) {
        int column = Pairs.first(p);
        int both = join((int) numbers[column], (int) numbers[column + 2]);
        pairs[at + p] = both;
        sum = add(sum, both);
      }
      pairs[at + MINUS_16 + half] = times(-16, sum);
      all = add(all, sum);
    }
    pairs[at + MINUS_8] = times(-8, all);
    sums[block] = scales[block] * ((short) all + (all >> 16));
  }

  private static int join(int low, int high) {
    return low & 0xFFFF | high << 16;
  }

  private static int add(int a, int b) {
    return join(a + b, (a >> 16) + (b >> 16));
  }

  private static int times(int factor, int x) {
    return join(factor * (short) x, factor * (x >> 16));
  }

  /// Blocks of a row.
  int blockCount() {
    return blockCount;
  }

  /// `[rows, blocks, BLOCK_INTS]`.
  int[] pairs() {
    return pairs;
  }

  /// `[rows, blocks]`.
  float[] scales() {
    return scales;
  }

  /// `[rows, blocks]`: what a block's activations add up to.
  float[] sums() {
    return sums;
  }
}
