// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.broadcast;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.highF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.lowF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.sumOfHalves;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.toFloats;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Scales and minima of two levels, as Q4_K and Q5_K have them: for every two blocks a plane with
/// the bytes scale, minimum, scale, minimum, then a plane with F16 factors, d in its low and dmin
/// in its high halves.
///
/// Chunks are whole: such weights come in rows of whole super-blocks.
///
/// @param bias of the codes: a minimum of the file belongs to unsigned numbers
record SuperScalesAndMins(int bias) implements Scales {
  @Override
  public boolean hasMins() {
    return true;
  }

  @Override
  public int bytes(int blocks) {
    return (blocks / 2 + 1) * Layout.PLANE;
  }

  @Override
  public void read(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    long from = at + 4L * lane;
    IntVector factors = load(data, from + bytes(blocks) - Layout.PLANE);
    FloatVector d = lowF16(factors);
    FloatVector dmin = highF16(factors);
    for (int b = 0; b < blocks; b += 2, from += Layout.PLANE) {
      IntVector bytes = load(data, from);
      for (int i = 0; i < 2; i++, offset += 2 * stride) {
        FloatVector scale = d.mul(unsignedByte(bytes, 2 * i));
        scale.intoArray(y, offset);
        min(scale, dmin, unsignedByte(bytes, 2 * i + 1)).intoArray(y, offset + stride);
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
    float[] xSums = x.sums();
    FloatVector scaled = FloatVector.zero(F);
    FloatVector mins = FloatVector.zero(F);
    long factors = at + bytes(blocks) - Layout.PLANE;
    for (int b = block; b < block + blocks; b += 2, at += Layout.PLANE) {
      IntVector bytes = load(data, at);
      for (int i = 0; i < 2; i++, so += step) {
        FloatVector xSum = broadcast(xSums[b + i]);
        // With the bias that the codes have less.
        FloatVector sum = sumOfHalves(sums, so).fma(broadcast(scales[b + i]), xSum.mul(bias));
        scaled = unsignedByte(bytes, 2 * i).fma(sum, scaled);
        mins = unsignedByte(bytes, 2 * i + 1).fma(xSum, mins);
      }
    }
    FloatVector d = lowF16(load(data, factors));
    FloatVector dmin = highF16(load(data, factors));
    FloatVector sum = d.fma(scaled, FloatVector.fromArray(F, y, yo));
    dmin.neg().fma(mins, sum).intoArray(y, yo);
  }

  private static FloatVector unsignedByte(IntVector x, int i) {
    return toFloats(x.lanewise(VectorOperators.LSHR, 8 * i).and(255));
  }

  /// Of the numbers themselves; the file's is subtracted and belongs to the codes.
  private FloatVector min(FloatVector scale, FloatVector dmin, FloatVector number) {
    return scale.fma(broadcast(bias), dmin.mul(number).neg());
  }
}
