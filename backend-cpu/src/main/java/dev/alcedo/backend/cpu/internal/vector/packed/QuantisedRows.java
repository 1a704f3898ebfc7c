// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.LENGTH;

import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Activations rounded to 8 bits: in blocks of 32 columns, `x = scale * number` with numbers of
/// -127 to 127, as in Q8_0. Rows are filled up with zeros to whole tiles.
final class QuantisedRows implements Operand {
  private static final int NUMBERS = 7;
  // Adding and subtracting it rounds a float below 2^22 to the nearest whole number, ties to even.
  private static final float ROUND = 0x1.8p23f;
  private static final float TINY = 0x1p-100f;
  private static final float UP = 0x1p60f;

  private static final VectorSpecies<Integer> HALF =
      VectorSpecies.of(int.class, VectorShape.forBitSize(F.vectorBitSize() / 2));
  private static final VectorShuffle<Float> SWAP_MIDDLE =
      VectorShuffle.fromOp(F, i -> i & ~3 | (i & 1) << 1 | (i & 2) >> 1);

  private int[] pairs = {};
  private float[] scales = {};
  private float[] sums = {};
  private final SplitRow row = new SplitRow();
  private int blockCount;

  @Override
  public void reserve(int rowsMax, int k) {
    int blocks = Math.multiplyExact(PackedTile.padded(rowsMax), k / Layout.BLOCK);
    if (scales.length < blocks) {
      pairs = new int[Math.multiplyExact(blocks, Pairs.COUNT)];
      scales = new float[blocks];
      sums = new float[blocks];
    }
    row.reserve(k / Layout.BLOCK);
  }

  @Override
  public long byteSize() {
    return 4L * (pairs.length + scales.length + sums.length) + row.byteSize();
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
        Arrays.fill(pairs, block * Pairs.COUNT, (block + 1) * Pairs.COUNT, 0);
        scales[block] = 0;
        sums[block] = 0;
      }
    }
    if (rows == 1) {
      row.set(pairs, blocks);
    }
  }

  /// A block's numbers, as floats; returns its scale.
  private static float round(float[] x, int at, float[] numbers) {
    FloatVector max = FloatVector.zero(F);
    for (int i = 0; i < Layout.BLOCK; i += LENGTH) {
      max = FloatVector.fromArray(F, x, at + i).abs().max(max);
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

  /// A block's pairs and what they add up to. The pairs of [Pairs] are, with the middle two of
  /// every four columns swapped, neighbours.
  private void pair(float[] numbers, int block) {
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < Layout.BLOCK; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(F, numbers, i);
      sum = x.add(sum);
      LongVector twos =
          x.rearrange(SWAP_MIDDLE).convert(VectorOperators.F2I, 0).reinterpretAsLongs();
      LongVector low = twos.and(0xFFFF);
      LongVector high = twos.lanewise(VectorOperators.LSHR, 16).and(0xFFFF0000L);
      IntVector joined = (IntVector) low.or(high).convertShape(VectorOperators.L2I, HALF, 0);
      joined.intoArray(pairs, block * Pairs.COUNT + i / 2);
    }
    sums[block] = scales[block] * sum.reduceLanes(VectorOperators.ADD);
  }

  /// Blocks of a row.
  int blockCount() {
    return blockCount;
  }

  /// The row, if there is only one.
  SplitRow row() {
    return row;
  }

  /// `[rows, blocks, Pairs.COUNT]`.
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
