// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Q4_0 weights: F16 scale, 16 bytes whose low nibbles are elements 0 to 15 and high nibbles
/// elements 16 to 31, less 8. Read for embeddings; layers read them packed.
final class Q4Weights implements VectorWeights {
  private static final int BLOCK_LENGTH = 32;
  private static final int BLOCK_BYTES = 18;
  private static final int HALF = BLOCK_LENGTH / 2;

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    int end = yOffset + count;
    for (long at = offset; yOffset < end; at += BLOCK_BYTES, yOffset += BLOCK_LENGTH) {
      float d = Float.float16ToFloat(data.get(Lanes.U16_LE, at));
      for (int i = 0; i < HALF; i += Lanes.LENGTH) {
        IntVector pairs = Lanes.u8(data, at + 2 + i);
        low(pairs).mul(d).intoArray(y, yOffset + i);
        high(pairs).mul(d).intoArray(y, yOffset + HALF + i);
      }
    }
  }

  private static FloatVector low(IntVector pairs) {
    return Lanes.toFloats(pairs.and(15).sub(8));
  }

  private static FloatVector high(IntVector pairs) {
    return Lanes.toFloats(pairs.lanewise(VectorOperators.LSHR, 4).sub(8));
  }
}
