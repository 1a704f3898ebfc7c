// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.SHORTS;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.pair;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Codes of 5 or 6 bits: for every half of a block's four planes of nibbles (see [Nibbles]) one
/// plane of upper bits in front. Its nibble j has the two upper bits of nibble j of the first plane
/// that follows in its lower half, those of the second in its upper half.
///
/// @param bias 16 for numbers of 5 bits, 32 for 6
/// @param parts scales per block; with 6 bits 2, or 16-bit sums overflow
record SixBits(int bias, int parts) implements Codes {
  private static final int LOW = 0x000F000F;
  private static final int HIGH = 0x00300030;

  @Override
  public int blockBytes() {
    return 6 * Layout.PLANE;
  }

  @Override
  public void dot(
      MemorySegment data, long at, long next, int blocks, int[] x, int xOffset, short[] sums) {
    for (int v = 0; v < 2; v++) {
      dot(data, at + v * next, blocks, x, xOffset, sums, v * SHORTS);
    }
  }

  private void dot(
      MemorySegment data, long from, int blocks, int[] x, int xOffset, short[] sums, int to) {
    for (int b = 0; b < blocks; b++) {
      ShortVector even = pair(x, xOffset + QuantisedRows.MINUS_16);
      ShortVector odd = pair(x, xOffset + QuantisedRows.MINUS_16 + 1);
      if (bias == 32) {
        even = even.add(even);
        odd = odd.add(odd);
      }
      for (int q = 0; q < 4; q += 2) {
        IntVector high = load(data, from);
        for (int i = 0; i < 2; i++) {
          int p = xOffset + 2 * (q + i);
          IntVector v = load(data, from + (1 + i) * Layout.PLANE);
          IntVector h = high;
          for (int j = 0; j < 2; j++) {
            even = number(v, h.lanewise(VectorOperators.LSHL, 4)).mul(pair(x, p + j)).add(even);
            v = v.lanewise(VectorOperators.LSHR, 4);
            odd = number(v, h).mul(pair(x, p + 8 + j)).add(odd);
            v = v.lanewise(VectorOperators.LSHR, 4);
            h = h.lanewise(VectorOperators.LSHR, 8);
          }
          high = high.lanewise(VectorOperators.LSHR, 2);
        }
        from += 3 * Layout.PLANE;
      }
      if (parts == 1) {
        even.add(odd).intoArray(sums, to);
        to += 2 * SHORTS;
      } else {
        even.intoArray(sums, to);
        odd.intoArray(sums, to + 2 * SHORTS);
        to += 4 * SHORTS;
      }
      xOffset += QuantisedRows.BLOCK_INTS;
    }
  }

  @Override
  public void unpack(
      MemorySegment data, long at, int blocks, int lane, short[] panel, int offset, int stride) {
    long from = at + 4L * lane;
    short less = (short) bias;
    for (int b = 0; b < blocks; b++) {
      for (int q = 0; q < 4; q += 2) {
        IntVector high = load(data, from);
        for (int i = 0; i < 2; i++) {
          int to = offset + 2 * (q + i) * stride;
          IntVector v = load(data, from + (1 + i) * Layout.PLANE);
          IntVector h = high;
          for (int j = 0; j < 2; j++, to += stride) {
            number(v, h.lanewise(VectorOperators.LSHL, 4)).sub(less).intoArray(panel, to);
            v = v.lanewise(VectorOperators.LSHR, 4);
            number(v, h).sub(less).intoArray(panel, to + 8 * stride);
            v = v.lanewise(VectorOperators.LSHR, 4);
            h = h.lanewise(VectorOperators.LSHR, 8);
          }
          high = high.lanewise(VectorOperators.LSHR, 2);
        }
        from += 3 * Layout.PLANE;
      }
      offset += Pairs.COUNT * stride;
    }
  }

  private static ShortVector number(IntVector v, IntVector highAt4) {
    return v.and(LOW).or(highAt4.and(HIGH)).reinterpretAsShorts();
  }
}
