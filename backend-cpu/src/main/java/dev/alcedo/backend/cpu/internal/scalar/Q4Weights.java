// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Q4_0 (ggml, `block_q4_0`): an F16 scale d, then 16 bytes; their low nibbles are elements 0 to
/// 15, their high nibbles elements 16 to 31. The value of nibble n is d (n - 8).
final class Q4Weights {
  private static final int BLOCK_LENGTH = 32;
  private static final int BLOCK_BYTES = 18;

  private Q4Weights() {}

  static void readQ4_0(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = Float.float16ToFloat(data.get(PlainWeights.U16_LE, at));
      for (int i = 0; i < BLOCK_LENGTH / 2; i++) {
        int pair = data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
        int to = yOffset + block * BLOCK_LENGTH + i;
        y[to] = d * ((pair & 15) - 8);
        y[to + BLOCK_LENGTH / 2] = d * ((pair >>> 4 & 15) - 8);
      }
    }
  }
}
