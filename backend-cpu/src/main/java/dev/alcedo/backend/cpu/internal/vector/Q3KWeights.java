// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.scalar.KQuantWeights;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Q3_K weights: 256 elements of 3 bits less 4, bit pairs as in [Q2KWeights] and a plane of third
/// bits; a scale of 6 bits for each 16, an F16 factor for all. Lanes never cross a group of 16.
final class Q3KWeights implements VectorWeights {
  private static final int BLOCK_LENGTH = 256;
  private static final int BLOCK_BYTES = 110;
  private static final int GROUP = 16;
  private static final int PAIRS = 32;
  private static final int SCALES = 96;
  private static final int D = 108;

  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = Float.float16ToFloat(data.get(Lanes.U16_LE, at + D));
      for (int group = 0; group < BLOCK_LENGTH / GROUP; group++) {
        float scale = d * KQuantWeights.threeBitScale(data, at + SCALES, group);
        for (int i = group * GROUP; i < (group + 1) * GROUP; i += Lanes.LENGTH) {
          Lanes.toFloats(three(data, at, i))
              .mul(scale)
              .intoArray(y, yOffset + block * BLOCK_LENGTH + i);
        }
      }
    }
  }

  private static IntVector three(MemorySegment data, long at, int i) {
    IntVector third = Lanes.u8(data, at + i % 32).lanewise(VectorOperators.LSHR, i / 32).and(1);
    return third.lanewise(VectorOperators.LSHL, 2).or(Q2KWeights.pair(data, at + PAIRS, i)).sub(4);
  }
}
