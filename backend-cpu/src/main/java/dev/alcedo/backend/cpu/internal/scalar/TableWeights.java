// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Types whose nibbles look values up in a table (ggml, `block_iq4_nl`, `block_iq4_xs`,
/// `block_mxfp4`). Low nibbles of 16 bytes are elements 0 to 15 of a group of 32, high ones 16 to
/// 31.
public final class TableWeights {
  /// ggml's `kvalues_iq4nl`: spaced for a normal distribution.
  private static final byte[] IQ4 = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /// The values of FP4 (E2M1; OCP Microscaling Formats 1.0), doubled to be whole.
  private static final byte[] FP4_DOUBLED = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  private static final int GROUP = 32;
  private static final int GROUP_BYTES = 16;

  private TableWeights() {}

  /// An F16 scale and 16 bytes.
  static void readIq4Nl(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / GROUP; block++) {
      long at = offset + block * 18L;
      group(data, at + 2, iq4Nl(data, at), IQ4, y, yOffset + block * GROUP);
    }
  }

  /// 256 elements: an F16 scale d, 16 bits with the high 2 bits of eight scales, 4 bytes with their
  /// low 4 bits, 128 bytes. A scale counts from -32.
  static void readIq4Xs(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / 256; block++) {
      long at = offset + block * 136L;
      for (int g = 0; g < 8; g++) {
        group(
            data,
            at + 8 + g * GROUP_BYTES,
            iq4Xs(data, at, g),
            IQ4,
            y,
            yOffset + block * 256 + g * GROUP);
      }
    }
  }

  /// A power of two (E8M0: 2^(e - 127)) and 16 bytes.
  static void readMxfp4(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / GROUP; block++) {
      long at = offset + block * 17L;
      group(data, at + 1, mxfp4(data, at), FP4_DOUBLED, y, yOffset + block * GROUP);
    }
  }

  /// The values of IQ4_NL and IQ4_XS.
  public static byte[] iq4() {
    return IQ4.clone();
  }

  /// Twice the values of FP4.
  public static byte[] fp4() {
    return FP4_DOUBLED.clone();
  }

  /// The scale of the IQ4_NL block at `at`.
  public static float iq4Nl(MemorySegment data, long at) {
    return PlainWeights.f16(data, at);
  }

  /// The scale of group `group` of the IQ4_XS block at `at`.
  public static float iq4Xs(MemorySegment data, long at, int group) {
    int high = data.get(PlainWeights.U16_LE, at + 2) >>> 2 * group & 3;
    int low = data.get(ValueLayout.JAVA_BYTE, at + 4 + group / 2) >>> 4 * (group % 2) & 15;
    return PlainWeights.f16(data, at) * ((low | high << 4) - 32);
  }

  /// Half of the scale of the MXFP4 block at `at`, as the table is doubled.
  public static float mxfp4(MemorySegment data, long at) {
    int e = data.get(ValueLayout.JAVA_BYTE, at) & 255;
    return (float) Math.scalb(1.0, e - 128);
  }

  private static void group(
      MemorySegment data, long at, float scale, byte[] table, float[] y, int to) {
    for (int i = 0; i < GROUP_BYTES; i++) {
      int pair = data.get(ValueLayout.JAVA_BYTE, at + i);
      y[to + i] = scale * table[pair & 15];
      y[to + GROUP_BYTES + i] = scale * table[pair >>> 4 & 15];
    }
  }
}
