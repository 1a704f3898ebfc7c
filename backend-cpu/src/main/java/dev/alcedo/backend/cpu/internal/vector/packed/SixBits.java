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

/// Codes of 5 or 6 bits. For each half of a block's columns a plane of upper bit pairs, then two of
/// nibbles. Nibble j of the lower half of an int in nibble plane r belongs to the first column of
/// pair `4 r + j` (see [Pairs]), that of the upper half to its second; bit pair j of the plane in
/// front of nibble planes 2 h and 2 h + 1 to pair `8 h + j`.
///
/// @param bias 16 for numbers of 5 bits, 32 for 6
/// @param parts scales per block; with 6 bits 2, or 16-bit sums overflow
record SixBits(int bias, int parts) implements Codes {
  private static final int NIBBLE = 0x000F000F;
  private static final int BITS = 0x00030003;

  @Override
  public int blockBytes() {
    return 6 * Layout.PLANE;
  }

  /// A nibble plane from bytes in the low halves of which are the nibbles of columns 8 r to 8 r +
  /// 3, and 8 r + 4 to 8 r + 7.
  static int nibblePlane(int a, int b) {
    return foldNibbles(a) | foldNibbles(b) << 8;
  }

  private static int foldNibbles(int bytes) {
    return (bytes | bytes >>> 4) & 0x00FF00FF;
  }

  /// A plane of upper bits from the bytes, each with one pair of bits, of four columns each.
  static int bitPlane(int a, int b, int c, int d) {
    return foldBits(a) | foldBits(b) << 4 | foldBits(c) << 8 | foldBits(d) << 12;
  }

  private static int foldBits(int bytes) {
    return (bytes | bytes >>> 6) & 0x000F000F;
  }

  /// By telescoping, see [SplitRow].
  @Override
  public void dot(
      MemorySegment data, long at, long next, int blocks, SplitRow x, int block, short[] sums) {
    int to = 0;
    for (int b = block; b < block + blocks; b++) {
      ShortVector sum0 = start(x, 2 * b);
      ShortVector sum1 = sum0;
      for (int half = 0; half < 2; half++) {
        if (half == 1) {
          ShortVector start = start(x, 2 * b + 1);
          if (parts == 2) {
            sum0.intoArray(sums, to);
            sum1.intoArray(sums, to + SHORTS);
            to += 2 * SHORTS;
            sum0 = start;
            sum1 = start;
          } else {
            sum0 = start.add(sum0);
            sum1 = start.add(sum1);
          }
        }
        int at0 = Pairs.COUNT * b + 8 * half;
        ShortVector v = loadShorts(data, at);
        ShortVector w = loadShorts(data, at + next);
        for (int i = 0; i < 8; i++) {
          ShortVector factor = pair(x.bits(), at0 + i);
          sum0 = v.lanewise(VectorOperators.LSHR, 2 * i).mul(factor).add(sum0);
          sum1 = w.lanewise(VectorOperators.LSHR, 2 * i).mul(factor).add(sum1);
        }
        at += Layout.PLANE;
        for (int r = 0; r < 2; r++) {
          v = loadShorts(data, at);
          w = loadShorts(data, at + next);
          for (int i = 0; i < 4; i++) {
            ShortVector factor = pair(x.halves(), at0 + 4 * r + i);
            sum0 = v.lanewise(VectorOperators.LSHR, 4 * i).mul(factor).add(sum0);
            sum1 = w.lanewise(VectorOperators.LSHR, 4 * i).mul(factor).add(sum1);
          }
          at += Layout.PLANE;
        }
      }
      sum0.intoArray(sums, to);
      sum1.intoArray(sums, to + SHORTS);
      to += 2 * SHORTS;
    }
  }

  private ShortVector start(SplitRow x, int half) {
    ShortVector start = pair(x.minus16(), half);
    return bias == 32 ? start.add(start) : start;
  }

  @Override
  public void unpack(
      MemorySegment data, long at, int blocks, int lane, short[] panel, int offset, int stride) {
    long from = at + 4L * lane;
    for (int i = 0; i < 2 * blocks; i++) {
      IntVector high = load(data, from);
      for (int r = 1; r <= 2; r++) {
        IntVector v = load(data, from + r * Layout.PLANE);
        for (int j = 0; j < 4; j++, offset += stride) {
          IntVector bits = high.lanewise(VectorOperators.LSHR, 8 * (r - 1) + 2 * j).and(BITS);
          v.lanewise(VectorOperators.LSHR, 4 * j)
              .and(NIBBLE)
              .or(bits.lanewise(VectorOperators.LSHL, 4))
              .reinterpretAsShorts()
              .sub((short) bias)
              .intoArray(panel, offset);
        }
      }
      from += 3 * Layout.PLANE;
    }
  }
}
