// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.weights;

/// Blocks of 256 with scales of 6 or 8 bits for groups (`ggml-common.h`).
final class KDecoders {
  private KDecoders() {}

  /// F16 d and dmin, 12 bytes of 6-bit scales and mins, nibbles: of each 64 elements, `i` and `i +
  /// 32` share a byte.
  static void q4(byte[] bytes, int at, float[] out, int to) {
    affine(bytes, at, at + 16, -1, out, to);
  }

  /// As [#q4], with a fifth bit of each element between scales and nibbles: bit `g` of byte `i`
  /// belongs to element `i` of group `g`.
  static void q5(byte[] bytes, int at, float[] out, int to) {
    affine(bytes, at, at + 48, at + 16, out, to);
  }

  private static void affine(byte[] bytes, int at, int low, int high, float[] out, int to) {
    float d = Decoders.half(bytes, at);
    float dMin = Decoders.half(bytes, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(bytes, at + 4, group);
      float min = dMin * min(bytes, at + 4, group);
      for (int i = 0; i < 32; i++) {
        int quant = bytes[low + 32 * (group / 2) + i] >>> 4 * (group % 2) & 15;
        if (high >= 0) {
          quant |= (bytes[high + i] >>> group & 1) << 4;
        }
        out[to + 32 * group + i] = scale * quant - min;
      }
    }
  }

  /// 128 bytes of low nibbles, 64 of high bit pairs, 16 signed scales, F16 d: of each 128 elements
  /// `l`, `l + 32`, `l + 64` and `l + 96` share a high byte.
  static void q6(byte[] bytes, int at, float[] out, int to) {
    float d = Decoders.half(bytes, at + 208);
    for (int i = 0; i < 256; i++) {
      int half = i / 128;
      int quarter = i % 128 / 32;
      int l = i % 32;
      int low = bytes[at + 64 * half + 32 * (quarter % 2) + l] >>> 4 * (quarter / 2) & 15;
      int high = bytes[at + 128 + 32 * half + l] >>> 2 * quarter & 3;
      out[to + i] = d * bytes[at + 192 + i / 16] * ((low | high << 4) - 32);
    }
  }

  /// Scales and mins of groups 0 to 3 are the low 6 bits of bytes 0 to 3 and 4 to 7; those of
  /// groups 4 to 7 have their low 4 bits in bytes 8 to 11 and their high 2 bits on top of the
  /// former.
  private static int scale(byte[] bytes, int at, int group) {
    return group < 4
        ? bytes[at + group] & 63
        : bytes[at + group + 4] & 15 | (bytes[at + group - 4] & 192) >>> 2;
  }

  private static int min(byte[] bytes, int at, int group) {
    return group < 4
        ? bytes[at + group + 4] & 63
        : (bytes[at + group + 4] & 240) >>> 4 | (bytes[at + group] & 192) >>> 2;
  }
}
