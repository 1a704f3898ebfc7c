// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Rounds keys and values to Q8_0 blocks, for all kernels: it is little work beside what is then
/// read of them.
public final class Q8Blocks {
  private static final int BLOCK_LENGTH = 32;
  private static final int BLOCK_BYTES = 34;
  private static final int CODE_MAX = 127;

  private Q8Blocks() {}

  /// Rounds `count` elements, whole blocks, to codes of -127 to 127 with halves away from zero, as
  /// ggml does (`quantize_row_q8_0_ref`).
  public static void write(float[] x, int xOffset, MemorySegment data, long offset, int count) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      int from = xOffset + block * BLOCK_LENGTH;
      long at = offset + (long) block * BLOCK_BYTES;
      float max = 0;
      for (int i = from; i < from + BLOCK_LENGTH; i++) {
        max = Math.max(max, Math.abs(x[i]));
      }
      float d = max / CODE_MAX;
      float inverse = d == 0 ? 0 : 1 / d;
      data.set(PlainWeights.U16_LE, at, Float.floatToFloat16(d));
      for (int i = 0; i < BLOCK_LENGTH; i++) {
        float scaled = inverse * x[from + i];
        byte code = (byte) (int) (scaled + Math.copySign(0.5f, scaled));
        data.set(ValueLayout.JAVA_BYTE, at + 2 + i, code);
      }
    }
  }
}
