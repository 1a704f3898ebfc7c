// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.broadcast;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.highF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.sumOfHalves;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// An F16 scale and an F16 minimum per row and block: planes as in [HalfScales], all of the scales,
/// then all of the minima.
///
/// @param bias of the codes: a minimum of the file belongs to unsigned numbers
record HalfScalesAndMins(int bias) implements Scales {
  @Override
  public boolean hasMins() {
    return true;
  }

  @Override
  public int bytes(int blocks) {
    return 2 * Math.ceilDiv(blocks, 2) * Layout.PLANE;
  }

  @Override
  public void read(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    long mins = at + bytes(blocks) / 2;
    for (int b = 0; b < blocks; b++) {
      long plane = (long) b / 2 * Layout.PLANE + 4L * lane;
      FloatVector scale = half(data, at + plane, b);
      scale.intoArray(y, offset + 2 * b * stride);
      min(scale, half(data, mins + plane, b)).intoArray(y, offset + (2 * b + 1) * stride);
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
    float[] xSums = x.sums();
    long mins = at + bytes(blocks) / 2;
    FloatVector sum = FloatVector.fromArray(F, y, yo);
    for (int b = 0; b < blocks; b++, so += step) {
      long plane = (long) b / 2 * Layout.PLANE;
      FloatVector scale = half(data, at + plane, b);
      sum = sumOfHalves(sums, so).fma(scale.mul(scales[block + b]), sum);
      sum = min(scale, half(data, mins + plane, b)).fma(broadcast(xSums[block + b]), sum);
    }
    sum.intoArray(y, yo);
  }

  private static FloatVector half(MemorySegment data, long at, int block) {
    IntVector both = load(data, at);
    return highF16(block % 2 == 0 ? both.lanewise(VectorOperators.LSHL, 16) : both);
  }

  /// Of the numbers themselves, from that of the codes.
  private FloatVector min(FloatVector scale, FloatVector codeMin) {
    return scale.fma(broadcast(bias), codeMin);
  }
}
