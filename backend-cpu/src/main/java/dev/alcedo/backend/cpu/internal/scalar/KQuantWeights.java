// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The K-quants of 2 to 5 bits (ggml, `block_q2_K` to `block_q5_K`): 256 elements that share F16
/// factors d (and dmin), in groups of 16 or 32 with scales (and mins) of 4 or 6 bits. Q6_K has a
/// class of its own.
public final class KQuantWeights {
  private static final int BLOCK_LENGTH = 256;

  private KQuantWeights() {}

  /// 16 bytes of scale (low nibble) and min (high), 64 bytes of bit pairs, d, dmin; groups of 16.
  /// Element i of a half of 128 is bits 2 (i / 32) of byte i % 32. Values: d scale q - dmin min.
  static void readQ2_K(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 84L;
      float d = PlainWeights.f16(data, at + 80);
      float dmin = PlainWeights.f16(data, at + 82);
      for (int i = 0; i < BLOCK_LENGTH; i++) {
        int scales = u8(data, at + i / 16);
        int q = pair(data, at + 16, i);
        y[yOffset + block * BLOCK_LENGTH + i] = d * (scales & 15) * q - dmin * (scales >>> 4);
      }
    }
  }

  /// 32 bytes of third bits (bit i / 32 of byte i % 32; clear means less 4), 64 bytes of bit pairs
  /// as in Q2_K, 12 bytes of 6-bit scales less 32, d; groups of 16.
  static void readQ3_K(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 110L;
      float d = PlainWeights.f16(data, at + 108);
      for (int i = 0; i < BLOCK_LENGTH; i++) {
        int third = u8(data, at + i % 32) >>> i / 32 & 1;
        int q = pair(data, at + 32, i) - 4 * (1 - third);
        int scale = threeBitScale(data, at + 96, i / 16);
        y[yOffset + block * BLOCK_LENGTH + i] = d * scale * q;
      }
    }
  }

  /// d, dmin, 12 bytes of 6-bit scales and mins, 128 bytes of nibbles; groups of 32. Values: d
  /// scale q - dmin min.
  static void readQ4_K(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 144L;
      readScaled(data, at, at + 16, -1, y, yOffset + block * BLOCK_LENGTH);
    }
  }

  /// As Q4_K, with 32 bytes of fifth bits (bit i / 32 of byte i % 32) before the nibbles.
  static void readQ5_K(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int block = 0; block < count / BLOCK_LENGTH; block++) {
      long at = offset + block * 176L;
      readScaled(data, at, at + 48, at + 16, y, yOffset + block * BLOCK_LENGTH);
    }
  }

  private static void readScaled(
      MemorySegment data, long at, long nibbles, long fifths, float[] y, int to) {
    float d = PlainWeights.f16(data, at);
    float dmin = PlainWeights.f16(data, at + 2);
    for (int i = 0; i < BLOCK_LENGTH; i++) {
      int group = i / 32;
      int q = u8(data, nibbles + 32L * (group / 2) + i % 32) >>> 4 * (group % 2) & 15;
      if (fifths >= 0) {
        q |= (u8(data, fifths + i % 32) >>> group & 1) << 4;
      }
      y[to + i] = d * scale(data, at + 4, group) * q - dmin * min(data, at + 4, group);
    }
  }

  private static int pair(MemorySegment data, long at, int i) {
    return u8(data, at + 32L * (i / 128) + i % 32) >>> 2 * (i % 128 / 32) & 3;
  }

  /// The scale of a group of 16 of Q3_K, -32 to 31.
  ///
  /// @param at the 12 bytes of scales
  public static int threeBitScale(MemorySegment data, long at, int group) {
    int low = u8(data, at + group % 8) >>> 4 * (group / 8) & 15;
    int high = u8(data, at + 8 + group % 4) >>> 2 * (group / 4) & 3;
    return (low | high << 4) - 32;
  }

  /// Scales and mins of groups 0 to 3 are the low 6 bits of bytes 0 to 3 and 4 to 7; those of
  /// groups 4 to 7 have their low 4 bits in bytes 8 to 11 and their high 2 bits on top of the
  /// former.
  private static int scale(MemorySegment data, long at, int group) {
    return group < 4
        ? u8(data, at + group) & 63
        : u8(data, at + group + 4) & 15 | u8(data, at + group - 4) >>> 6 << 4;
  }

  private static int min(MemorySegment data, long at, int group) {
    return group < 4
        ? u8(data, at + group + 4) & 63
        : u8(data, at + group + 4) >>> 4 | u8(data, at + group) >>> 6 << 4;
  }

  private static int u8(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 255;
  }
}
