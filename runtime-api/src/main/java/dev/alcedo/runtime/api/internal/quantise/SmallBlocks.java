// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import java.nio.ByteBuffer;

/// Blocks of 32 elements with one F16 scale, and an F16 offset where the name ends in 1. Scales
/// come from the extremes alone, and every rounding is the one of ggml's reference quantisers
/// (`quantize_row_q8_0_ref` and its siblings), so that files are the same byte for byte: products
/// with the inverse scale, in float, neither fused nor reordered.
///
/// Nibbles: element `i` in the low half of byte `i`, element `i + 16` in the high half; a fifth bit
/// of each element in 32 bits before them.
final class SmallBlocks {
  private static final int LENGTH = 32;
  private static final int HALF = LENGTH / 2;

  private SmallBlocks() {}

  /// `x = d q`, q from -127 to 127: the largest magnitude decides; halves go away from zero.
  static void q8_0(float[] x, int at, ByteBuffer out) {
    float max = 0;
    for (int i = 0; i < LENGTH; i++) {
      max = Math.max(max, Math.abs(x[at + i]));
    }
    float d = max / 127;
    float inverse = inverse(d);
    out.putShort(Float.floatToFloat16(d));
    for (int i = 0; i < LENGTH; i++) {
      float v = x[at + i] * inverse;
      int magnitude = (int) (Math.abs(v) + 0.5);
      out.put((byte) (v < 0 ? -magnitude : magnitude));
    }
  }

  /// `x = d (q - 8)`: the element of the largest magnitude gets q = 0, so d has the other sign.
  static void q4_0(float[] x, int at, ByteBuffer out) {
    float d = extreme(x, at) / -8;
    out.putShort(Float.floatToFloat16(d));
    quants(x, at, 0, inverse(d), 8.5f, 15, out, false);
  }

  /// `x = d (q - 16)`, likewise.
  static void q5_0(float[] x, int at, ByteBuffer out) {
    float d = extreme(x, at) / -16;
    out.putShort(Float.floatToFloat16(d));
    quants(x, at, 0, inverse(d), 16.5f, 31, out, true);
  }

  /// `x = d q + m` from the smallest element to the largest.
  static void q4_1(float[] x, int at, ByteBuffer out) {
    offset(x, at, 15, out, false);
  }

  /// `x = d q + m`, likewise.
  static void q5_1(float[] x, int at, ByteBuffer out) {
    offset(x, at, 31, out, true);
  }

  private static void offset(
      float[] x, int at, int levelMax, ByteBuffer out, boolean hasFifthBits) {
    float min = x[at];
    float max = x[at];
    for (int i = 1; i < LENGTH; i++) {
      min = x[at + i] < min ? x[at + i] : min;
      max = x[at + i] > max ? x[at + i] : max;
    }
    float d = (max - min) / levelMax;
    out.putShort(Float.floatToFloat16(d));
    out.putShort(Float.floatToFloat16(min));
    quants(x, at, min, inverse(d), 0.5f, levelMax, out, hasFifthBits);
  }

  private static void quants(
      float[] x,
      int at,
      float min,
      float inverse,
      float shift,
      int levelMax,
      ByteBuffer out,
      boolean hasFifthBits) {
    int fifth = 0;
    long low = 0;
    long high = 0;
    for (int i = 0; i < LENGTH; i++) {
      int q = Math.min(levelMax, (int) ((x[at + i] - min) * inverse + shift));
      fifth |= (q >>> 4) << i;
      long pair = (long) (q & 15) << 8 * (i % 8) + 4 * (i / HALF);
      if (i % HALF < 8) {
        low |= pair;
      } else {
        high |= pair;
      }
    }
    if (hasFifthBits) {
      out.putInt(fifth);
    }
    out.putLong(low).putLong(high);
  }

  /// The element of the largest magnitude, the first of equals.
  private static float extreme(float[] x, int at) {
    float extreme = 0;
    for (int i = 0; i < LENGTH; i++) {
      if (Math.abs(x[at + i]) > Math.abs(extreme)) {
        extreme = x[at + i];
      }
    }
    return extreme;
  }

  private static float inverse(float d) {
    return d == 0 ? 0 : 1 / d;
  }
}
