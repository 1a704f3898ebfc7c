// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Q6_K weights: 256 elements of 6 bits in a nibble plane and a plane of bit pairs, a signed scale
/// for each 16, an F16 scale for all. Lanes never cross a group of 16, so a scale is one broadcast.
final class Q6KWeights implements VectorWeights {
  private static final int BLOCK_LENGTH = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HALF = BLOCK_LENGTH / 2;
  private static final int QUARTER = 32;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = Float.float16ToFloat(data.get(Lanes.U16_LE, at + D));
      for (int i = 0; i < BLOCK_LENGTH; i += QUARTER) {
        for (int l = 0; l < QUARTER; l += Lanes.LENGTH) {
          float scale = d * data.get(ValueLayout.JAVA_BYTE, at + SCALES + (i + l) / 16);
          six(data, at, i, l).mul(scale).intoArray(y, yOffset + block * BLOCK_LENGTH + i + l);
        }
      }
    }
  }

  /// Elements `i + l..` less 32, i being the start of a quarter of a half.
  private static FloatVector six(MemorySegment data, long at, int i, int l) {
    int half = i / HALF;
    int quarter = i % HALF / QUARTER;
    IntVector low =
        Lanes.u8(data, at + 64L * half + QUARTER * (quarter & 1) + l)
            .lanewise(VectorOperators.LSHR, 4 * (quarter >> 1))
            .and(15);
    IntVector high =
        Lanes.u8(data, at + HIGH + 32L * half + l)
            .lanewise(VectorOperators.LSHR, 2 * quarter)
            .and(3);
    return Lanes.toFloats(high.lanewise(VectorOperators.LSHL, 4).or(low).sub(32));
  }
}
