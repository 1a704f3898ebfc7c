// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.highF16;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.load;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.lowF16;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// An F16 scale per row and block, and where there are minima an F16 minimum: a plane for every two
/// blocks, the first in the low halves. All scales, then all minima.
///
/// @param bias of the codes: a minimum of the file belongs to unsigned numbers
record HalfScales(boolean hasMins, int bias) implements Scales {
  @Override
  public int bytes(int blocks) {
    return Math.ceilDiv(blocks, 2) * Layout.PLANE * (hasMins ? 2 : 1);
  }

  @Override
  public void read(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    long mins = at + bytes(blocks) / 2 + 4L * lane;
    long from = at + 4L * lane;
    for (int b = 0; b < blocks; b += 2, from += Layout.PLANE, mins += Layout.PLANE) {
      IntVector d = load(data, from);
      if (hasMins) {
        IntVector m = load(data, mins);
        store(lowF16(d), lowF16(m), y, offset + 2 * b * stride, stride);
        if (b + 1 < blocks) {
          store(highF16(d), highF16(m), y, offset + (2 * b + 2) * stride, stride);
        }
      } else {
        lowF16(d).intoArray(y, offset + b * stride);
        if (b + 1 < blocks) {
          highF16(d).intoArray(y, offset + (b + 1) * stride);
        }
      }
    }
  }

  private void store(FloatVector d, FloatVector m, float[] y, int offset, int stride) {
    d.intoArray(y, offset);
    d.mul(bias).add(m).intoArray(y, offset + stride);
  }
}
