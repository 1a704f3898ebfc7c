// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Q2_K weights: 256 elements of 2 bits, of which four share a byte; scale and min for each 16 in
/// the nibbles of a byte, F16 factors of both for all. Lanes never cross a group of 16.
final class Q2KWeights implements VectorWeights {
  private static final int BLOCK_LENGTH = 256;
  private static final int BLOCK_BYTES = 84;
  private static final int GROUP = 16;
  private static final int CODES = 16;
  private static final int D = 80;
  private static final int D_MIN = 82;

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = Float.float16ToFloat(data.get(Lanes.U16_LE, at + D));
      float dMin = Float.float16ToFloat(data.get(Lanes.U16_LE, at + D_MIN));
      for (int group = 0; group < BLOCK_LENGTH / GROUP; group++) {
        int factors = data.get(ValueLayout.JAVA_BYTE, at + group);
        float scale = d * (factors & 15);
        float min = -dMin * (factors >>> 4 & 15);
        for (int i = group * GROUP; i < (group + 1) * GROUP; i += Lanes.LENGTH) {
          FloatVector code = Lanes.toFloats(pair(data, at + CODES, i));
          code.fma(scale, min).intoArray(y, yOffset + block * BLOCK_LENGTH + i);
        }
      }
    }
  }

  /// Bit pairs of elements `i..`: of 32 bytes for each half of 128, those `2 (i % 128 / 32)` up.
  static IntVector pair(MemorySegment data, long at, int i) {
    return Lanes.u8(data, at + i / 128 * 32 + i % 32)
        .lanewise(VectorOperators.LSHR, i % 128 / 32 * 2)
        .and(3);
  }
}
