// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.weights;

/// Plain types, and blocks of 32 (`ggml-common.h`): elements `i` and `i + 16` share a byte.
final class Decoders {
  private Decoders() {}

  static void f32(byte[] bytes, int at, float[] out, int to) {
    out[to] = Float.intBitsToFloat(word(bytes, at));
  }

  static void f16(byte[] bytes, int at, float[] out, int to) {
    out[to] = half(bytes, at);
  }

  static void bf16(byte[] bytes, int at, float[] out, int to) {
    out[to] = Float.intBitsToFloat((bytes[at] & 255 | bytes[at + 1] << 8) << 16);
  }

  /// An F16 scale, 32 signed bytes.
  static void q8_0(byte[] bytes, int at, float[] out, int to) {
    float scale = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * bytes[at + 2 + i];
    }
  }

  /// An F16 scale, nibbles less 8.
  static void q4_0(byte[] bytes, int at, float[] out, int to) {
    float scale = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * (nibble(bytes, at + 2, i) - 8);
    }
  }

  /// F16 scale and min, nibbles.
  static void q4_1(byte[] bytes, int at, float[] out, int to) {
    float scale = half(bytes, at);
    float min = half(bytes, at + 2);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * nibble(bytes, at + 4, i) + min;
    }
  }

  /// An F16 scale, 32 fifth bits, nibbles; less 16.
  static void q5_0(byte[] bytes, int at, float[] out, int to) {
    float scale = half(bytes, at);
    int high = word(bytes, at + 2);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * ((nibble(bytes, at + 6, i) | (high >>> i & 1) << 4) - 16);
    }
  }

  /// F16 scale and min, 32 fifth bits, nibbles.
  static void q5_1(byte[] bytes, int at, float[] out, int to) {
    float scale = half(bytes, at);
    float min = half(bytes, at + 2);
    int high = word(bytes, at + 4);
    for (int i = 0; i < 32; i++) {
      out[to + i] = scale * (nibble(bytes, at + 8, i) | (high >>> i & 1) << 4) + min;
    }
  }

  static float half(byte[] bytes, int at) {
    return Float.float16ToFloat((short) (bytes[at] & 255 | bytes[at + 1] << 8));
  }

  private static int word(byte[] bytes, int at) {
    return bytes[at] & 255
        | (bytes[at + 1] & 255) << 8
        | (bytes[at + 2] & 255) << 16
        | bytes[at + 3] << 24;
  }

  private static int nibble(byte[] bytes, int at, int i) {
    return bytes[at + i % 16] >>> 4 * (i / 16) & 15;
  }
}
