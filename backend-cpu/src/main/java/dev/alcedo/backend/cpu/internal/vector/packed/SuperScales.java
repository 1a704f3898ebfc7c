// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.lowF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.sumOfHalves;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.toFloats;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Scales of two levels, as Q6_K has them: for every two blocks a plane with the signed bytes of
/// their four halves, then a plane with an F16 factor in its low halves.
///
/// Chunks are whole: such weights come in rows of whole super-blocks.
record SuperScales() implements Scales {
  @Override
  public boolean hasMins() {
    return false;
  }

  @Override
  public int bytes(int blocks) {
    return (blocks / 2 + 1) * Layout.PLANE;
  }

  @Override
  public void read(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    long from = at + 4L * lane;
    FloatVector d = lowF16(load(data, from + bytes(blocks) - Layout.PLANE));
    for (int b = 0; b < blocks; b += 2, from += Layout.PLANE) {
      IntVector bytes = load(data, from);
      for (int i = 0; i < 4; i++, offset += stride) {
        d.mul(signedByte(bytes, i)).intoArray(y, offset);
      }
    }
  }

  @Override
  public void scale(
      MemorySegment data,
      long at,
      int blocks,
      short[] sums,
      int so,
      int step,
      QuantisedRows x,
      int block,
      float[] y,
      int yo) {
    float[] scales = x.scales();
    FloatVector scaled = FloatVector.zero(F);
    long factors = at + bytes(blocks) - Layout.PLANE;
    for (int b = block; b < block + blocks; b += 2, at += Layout.PLANE) {
      IntVector bytes = load(data, at);
      for (int i = 0; i < 4; i++, so += step) {
        FloatVector sum = sumOfHalves(sums, so).mul(scales[b + i / 2]);
        scaled = signedByte(bytes, i).fma(sum, scaled);
      }
    }
    FloatVector d = lowF16(load(data, factors));
    d.fma(scaled, FloatVector.fromArray(F, y, yo)).intoArray(y, yo);
  }

  private static FloatVector signedByte(IntVector x, int i) {
    IntVector atTop = x.lanewise(VectorOperators.LSHL, 24 - 8 * i);
    return toFloats(atTop.lanewise(VectorOperators.ASHR, 24));
  }
}
