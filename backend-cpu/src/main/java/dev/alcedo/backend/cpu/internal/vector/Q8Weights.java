// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Q8_0 weights: F16 scale, 32 signed bytes. Bytes are widened to floats in registers; a block's
/// products are summed before the scale is applied.
final class Q8Weights implements DotWeights {
  private static final int BLOCK_LENGTH = 32;
  private static final int BLOCK_BYTES = 34;

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    int end = yOffset + count;
    for (long at = offset; yOffset < end; at += BLOCK_BYTES, yOffset += BLOCK_LENGTH) {
      float d = Float.float16ToFloat(data.get(Lanes.U16_LE, at));
      for (int i = 0; i < BLOCK_LENGTH; i += Lanes.LENGTH) {
        Lanes.i8(data, at + 2 + i).mul(d).intoArray(y, yOffset + i);
      }
    }
  }

  @Override
  public float dot(MemorySegment data, long offset, int count, float[] x, int xOffset) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    int end = xOffset + count;
    for (long at = offset; xOffset < end; at += BLOCK_BYTES, xOffset += BLOCK_LENGTH) {
      float d = Float.float16ToFloat(data.get(Lanes.U16_LE, at));
      FloatVector block = Lanes.i8(data, at + 2).mul(Lanes.load(x, xOffset));
      for (int i = Lanes.LENGTH; i < BLOCK_LENGTH; i += Lanes.LENGTH) {
        block = Lanes.i8(data, at + 2 + i).fma(Lanes.load(x, xOffset + i), block);
      }
      sum = block.fma(FloatVector.broadcast(Lanes.F, d), sum);
    }
    return Lanes.sum(sum);
  }
}
