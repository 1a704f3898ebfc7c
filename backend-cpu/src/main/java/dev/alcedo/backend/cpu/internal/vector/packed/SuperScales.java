// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.highF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.lowF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.toFloats;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Scales of two levels, as K-quants have them: for every two blocks a plane of four bytes per row,
/// then a plane of F16 factors. With minima the bytes are scale and minimum of either block and the
/// factors d (low half) and dmin; without, they are the signed scales of four half blocks and d.
///
/// Chunks are whole: such weights come in rows of whole super-blocks.
///
/// @param bias of the codes: a minimum of the file belongs to unsigned numbers
record SuperScales(boolean hasMins, int bias) implements Scales {
  @Override
  public int bytes(int blocks) {
    return (Math.ceilDiv(blocks, 2) + 1) * Layout.PLANE;
  }

  @Override
  public void read(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    long factors = at + bytes(blocks) - Layout.PLANE + 4L * lane;
    if (hasMins) {
      readBoth(data, at + 4L * lane, factors, blocks, y, offset, stride);
    } else {
      readSigned(data, at + 4L * lane, factors, blocks, y, offset, stride);
    }
  }

  private void readBoth(
      MemorySegment data, long from, long factorsAt, int blocks, float[] y, int to, int stride) {
    IntVector factors = load(data, factorsAt);
    FloatVector d = lowF16(factors);
    FloatVector dmin = highF16(factors).neg();
    for (int b = 0; b < blocks; b += 2, from += Layout.PLANE) {
      IntVector x = load(data, from);
      for (int i = 0; i < 2; i++, to += 2 * stride) {
        FloatVector scale = d.mul(toFloats(x.and(255)));
        scale.intoArray(y, to);
        FloatVector min = toFloats(x.lanewise(VectorOperators.LSHR, 8).and(255));
        dmin.mul(min).add(scale.mul(bias)).intoArray(y, to + stride);
        x = x.lanewise(VectorOperators.LSHR, 16);
      }
    }
  }

  private static void readSigned(
      MemorySegment data, long from, long factorsAt, int blocks, float[] y, int to, int stride) {
    FloatVector d = lowF16(load(data, factorsAt));
    for (int b = 0; b < blocks; b += 2, from += Layout.PLANE) {
      IntVector x = load(data, from);
      for (int i = 0; i < 4; i++, to += stride) {
        IntVector top = x.lanewise(VectorOperators.LSHL, 24);
        d.mul(toFloats(top.lanewise(VectorOperators.ASHR, 24))).intoArray(y, to);
        x = x.lanewise(VectorOperators.LSHR, 8);
      }
    }
  }
}
