// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Q8_0 (ggml, `block_q8_0`): an F16 scale d, then 32 signed bytes n; the value is d n.
final class Q8Weights {
  private static final int BLOCK_LENGTH = 32;
  private static final int BLOCK_BYTES = 34;

  private Q8Weights() {}

  static void readQ8_0(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = Float.float16ToFloat(data.get(PlainWeights.U16_LE, at));
      for (int i = 0; i < BLOCK_LENGTH; i++) {
        y[yOffset + block * BLOCK_LENGTH + i] = d * data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
      }
    }
  }
}
