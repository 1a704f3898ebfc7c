// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The 32-element types beside Q4_0 and Q8_0 (ggml, `block_q4_1`, `block_q5_0`, `block_q5_1`): an
/// F16 scale d, an F16 offset m where the name ends in 1, a fifth bit of each element where the
/// name begins with Q5, then 16 bytes of nibbles; low nibbles are elements 0 to 15, high ones 16 to
/// 31. Values: d n + m, and d (n - 16) for Q5_0.
final class OffsetWeights {
  private static final int BLOCK_LENGTH = 32;
  private static final int HALF = BLOCK_LENGTH / 2;

  private OffsetWeights() {}

  static void readQ4_1(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 20L;
      float m = PlainWeights.f16(data, at + 2);
      read(data, at, m, 0, at + 4, y, yOffset + block * BLOCK_LENGTH);
    }
  }

  static void readQ5_0(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 22L;
      float m = -16 * PlainWeights.f16(data, at);
      int fifth = data.get(PlainWeights.I32_LE, at + 2);
      read(data, at, m, fifth, at + 6, y, yOffset + block * BLOCK_LENGTH);
    }
  }

  static void readQ5_1(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 24L;
      float m = PlainWeights.f16(data, at + 2);
      int fifth = data.get(PlainWeights.I32_LE, at + 4);
      read(data, at, m, fifth, at + 8, y, yOffset + block * BLOCK_LENGTH);
    }
  }

  private static void read(
      MemorySegment data, long at, float m, int fifth, long nibbles, float[] y, int to) {
    float d = PlainWeights.f16(data, at);
    for (int i = 0; i < HALF; i++) {
      int pair = data.get(ValueLayout.JAVA_BYTE, nibbles + i);
      y[to + i] = d * (pair & 15 | (fifth >>> i & 1) << 4) + m;
      y[to + HALF + i] = d * (pair >>> 4 & 15 | (fifth >>> i + HALF & 1) << 4) + m;
    }
  }
}
