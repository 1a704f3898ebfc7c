// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Q6_K (ggml, `block_q6_K`): 256 elements in 210 bytes: 128 bytes of low nibbles, 64 bytes of high
/// bit pairs, 16 signed scales (one for 16 elements), an F16 scale d. Each half of 128 elements
/// uses 64 and 32 of those bytes: elements l, l + 32, l + 64 and l + 96 share high byte l. The
/// value of the 6-bit number q is d scale (q - 32).
final class Q6KWeights {
  private static final int BLOCK_LENGTH = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HALF = BLOCK_LENGTH / 2;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  private Q6KWeights() {}

  static void readQ6_K(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + (long) block * BLOCK_BYTES;
      float d = Float.float16ToFloat(data.get(PlainWeights.U16_LE, at + D));
      for (int i = 0; i < BLOCK_LENGTH; i++) {
        int scale = data.get(ValueLayout.JAVA_BYTE, at + SCALES + i / 16);
        y[yOffset + block * BLOCK_LENGTH + i] = d * scale * (sixBits(data, at, i) - 32);
      }
    }
  }

  private static int sixBits(MemorySegment data, long at, int i) {
    int half = i / HALF;
    int quarter = i % HALF / 32;
    int l = i % 32;
    int low = data.get(ValueLayout.JAVA_BYTE, at + 64 * half + 32 * (quarter % 2) + l);
    int high = data.get(ValueLayout.JAVA_BYTE, at + HIGH + 32 * half + l);
    return (low >>> 4 * (quarter / 2) & 15) | (high >>> 2 * quarter & 3) << 4;
  }
}
