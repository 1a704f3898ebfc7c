// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.SHORTS;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.loadShorts;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.pair;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Codes of 4 bits, less 8: for every block four planes of one int per row. Plane q has columns `4
/// q` to `4 q + 3` in its even nibbles and `16 + 4 q` to `16 + 4 q + 3` in its odd ones.
final class Nibbles implements Codes {
  private static final int PLANES = 4; // of a block
  private static final int BIAS = 8;
  private static final int MASK = 0x000F000F;

  @Override
  public int blockBytes() {
    return 4 * Layout.PLANE;
  }

  @Override
  public int bias() {
    return BIAS;
  }

  @Override
  public int parts() {
    return 1;
  }

  /// By telescoping, see [SplitRow]: nibble i of a half is met as what is left of the half after i
  /// shifts, upper nibbles and all, and never masked. Written out and in one loop over the planes
  /// of all blocks, for the checks of an inner loop of four took a tenth of the time.
  @Override
  public void dot(
      MemorySegment data, long at, long next, int blocks, SplitRow x, int block, short[] sums) {
    int[] factors = x.nibbles();
    int f = Pairs.COUNT * block;
    int to = 0;
    ShortVector sum0 = pair(x.minus8(), block);
    ShortVector sum1 = sum0;
    for (int plane = 0; plane < PLANES * blocks; plane++, f += 4) {
      ShortVector v = loadShorts(data, at + (long) plane * Layout.PLANE);
      ShortVector w = loadShorts(data, at + next + (long) plane * Layout.PLANE);
      ShortVector factor = pair(factors, f);
      sum0 = v.mul(factor).add(sum0);
      sum1 = w.mul(factor).add(sum1);
      factor = pair(factors, f + 1);
      sum0 = v.lanewise(VectorOperators.LSHR, 4).mul(factor).add(sum0);
      sum1 = w.lanewise(VectorOperators.LSHR, 4).mul(factor).add(sum1);
      factor = pair(factors, f + 2);
      sum0 = v.lanewise(VectorOperators.LSHR, 8).mul(factor).add(sum0);
      sum1 = w.lanewise(VectorOperators.LSHR, 8).mul(factor).add(sum1);
      factor = pair(factors, f + 3);
      sum0 = v.lanewise(VectorOperators.LSHR, 12).mul(factor).add(sum0);
      sum1 = w.lanewise(VectorOperators.LSHR, 12).mul(factor).add(sum1);
      if (plane % PLANES == PLANES - 1) {
        sum0.intoArray(sums, to);
        sum1.intoArray(sums, to + SHORTS);
        to += 2 * SHORTS;
        // Of the next block; after the last, of any.
        sum0 = pair(x.minus8(), block + Math.min(plane / PLANES + 1, blocks - 1));
        sum1 = sum0;
      }
    }
  }

  @Override
  public void unpack(
      MemorySegment data, long at, int blocks, int lane, short[] panel, int offset, int stride) {
    long from = at + 4L * lane;
    for (int b = 0; b < blocks; b++) {
      for (int q = 0; q < 4; q++) {
        int to = offset + 2 * q * stride;
        IntVector v = load(data, from);
        for (int i = 0; i < 2; i++, to += stride) {
          number(v.lanewise(VectorOperators.LSHR, 8 * i)).intoArray(panel, to);
          number(v.lanewise(VectorOperators.LSHR, 8 * i + 4)).intoArray(panel, to + 8 * stride);
        }
        from += Layout.PLANE;
      }
      offset += Pairs.COUNT * stride;
    }
  }

  private static ShortVector nibbles(IntVector v) {
    return v.and(MASK).reinterpretAsShorts();
  }

  private static ShortVector number(IntVector v) {
    return nibbles(v).sub((short) BIAS);
  }
}
