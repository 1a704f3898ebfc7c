// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.highF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.lowF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.sumOfHalves;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// An F16 scale per row and block: a plane for every two blocks, the first in the low halves.
record HalfScales() implements Scales {
  @Override
  public boolean hasMins() {
    return false;
  }

  @Override
  public int bytes(int blocks) {
    return Math.ceilDiv(blocks, 2) * Layout.PLANE;
  }

  @Override
  public void read(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    long from = at + 4L * lane;
    for (int b = 0; b < blocks; b += 2, from += Layout.PLANE) {
      IntVector d = load(data, from);
      lowF16(d).intoArray(y, offset + b * stride);
      if (b + 1 < blocks) {
        highF16(d).intoArray(y, offset + (b + 1) * stride);
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
    FloatVector sum = FloatVector.fromArray(F, y, yo);
    for (int b = 0; b < blocks; b += 2, at += Layout.PLANE, so += 2 * step) {
      IntVector d = load(data, at);
      sum = sumOfHalves(sums, so).fma(lowF16(d).mul(scales[block + b]), sum);
      if (b + 1 < blocks) {
        sum = sumOfHalves(sums, so + step).fma(highF16(d).mul(scales[block + b + 1]), sum);
      }
    }
    sum.intoArray(y, yo);
  }
}
