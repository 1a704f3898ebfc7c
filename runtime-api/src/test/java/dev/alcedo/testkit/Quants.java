// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Encodes floats in the element types that toy models use. Block layouts and rounding as in ggml's
/// reference quantisers (`ggml-quants.c`, `quantize_row_q8_0_ref`, `quantize_row_q4_0_ref`).
public final class Quants {
  private static final int BLOCK = 32;

  private Quants() {}

  /// The bytes of `values` as `dtype`: F32, F16, BF16, Q8_0 or Q4_0.
  ///
  /// @throws IllegalArgumentException for other types, or values that are no whole number of blocks
  public static byte[] encode(DType dtype, float[] values) {
    var out =
        ByteBuffer.allocate(Math.toIntExact(dtype.bytes(values.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (dtype) {
      case F32 -> {
        for (float value : values) {
          out.putFloat(value);
        }
      }
      case F16 -> {
        for (float value : values) {
          out.putShort(Float.floatToFloat16(value));
        }
      }
      case BF16 -> {
        for (float value : values) {
          out.putShort(bfloat16(value));
        }
      }
      case Q8_0 -> {
        for (int at = 0; at < values.length; at += BLOCK) {
          q80(values, at, out);
        }
      }
      case Q4_0 -> {
        for (int at = 0; at < values.length; at += BLOCK) {
          q40(values, at, out);
        }
      }
      default -> throw new IllegalArgumentException("toy models have no " + dtype);
    }
    return out.array();
  }

  /// Rounds to nearest, ties to even.
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }

  /// A block of 32: f16 scale, then 32 signed bytes.
  private static void q80(float[] values, int at, ByteBuffer out) {
    float max = 0;
    for (int i = 0; i < BLOCK; i++) {
      max = Math.max(max, Math.abs(values[at + i]));
    }
    float scale = max / 127;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(Float.floatToFloat16(scale));
    for (int i = 0; i < BLOCK; i++) {
      float quotient = values[at + i] * inverse;
      // Halves away from zero, as C's roundf.
      out.put((byte) (Math.signum(quotient) * (float) Math.floor(Math.abs(quotient) + 0.5)));
    }
  }

  /// A block of 32: f16 scale, then 16 bytes, element i in the low half of byte i and i + 16 in the
  /// high half; a stored 8 is zero.
  private static void q40(float[] values, int at, ByteBuffer out) {
    float extreme = 0;
    for (int i = 0; i < BLOCK; i++) {
      if (Math.abs(values[at + i]) > Math.abs(extreme)) {
        extreme = values[at + i];
      }
    }
    float scale = extreme / -8;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(Float.floatToFloat16(scale));
    for (int i = 0; i < BLOCK / 2; i++) {
      int low = Math.min(15, (int) (values[at + i] * inverse + 8.5f));
      int high = Math.min(15, (int) (values[at + i + BLOCK / 2] * inverse + 8.5f));
      out.put((byte) (low | high << 4));
    }
  }
}
