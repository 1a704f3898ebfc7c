// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.tensor.DType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Makes quant blocks and plain elements of random weights without quantising anything: bits are
/// drawn, and scales chosen so that the weights are centred on `mean` (plain types) or zero
/// (quantised ones) and deviate as asked. Layouts as in ggml (`ggml-common.h`).
///
/// Quantised values are evenly distributed over what their bits can say. Where those are not
/// centred on zero, scales have random signs, or mins move them there.
final class RandomBlocks {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Different scales of one tensor; a power of two.
  private static final int SCALE_COUNT = 256;

  // Root mean squares of what the bits of a block say, before its fp16 scale.
  private static final double RMS_4_BITS = Math.sqrt((16 * 16 - 1) / 12.0);
  private static final double RMS_5_BITS = Math.sqrt((32 * 32 - 1) / 12.0);
  private static final double RMS_8_BITS = Math.sqrt((255 * 255 - 1) / 12.0);
  private static final double RMS_6_BITS = Math.sqrt((64 * 64 - 1) / 12.0 + 0.25);
  private static final double RMS_3_BITS = Math.sqrt((8 * 8 - 1) / 12.0 + 0.25);
  private static final double RMS_2_BITS = Math.sqrt((4 * 4 - 1) / 12.0);
  private static final double RMS_IQ4_NL = 68.3;
  private static final double RMS_UPPER_HALF_OF_6_BITS = 48.4; // of 32 to 63
  private static final double RMS_UPPER_HALF_OF_4_BITS = 11.7; // of 8 to 15

  private final DType dtype;
  private final float[] normal;
  private final short[] normalBits;
  private final short[] scales = new short[SCALE_COUNT];
  private final short[] mins = new short[SCALE_COUNT];

  /// @throws IllegalArgumentException if there is no recipe for `dtype`
  RandomBlocks(DType dtype, double mean, double deviation) {
    this.dtype = dtype;
    this.normal = NormalTable.of(mean, deviation);
    this.normalBits = new short[NormalTable.SIZE];
    for (int i = 0; i < NormalTable.SIZE; i++) {
      normalBits[i] =
          dtype == DType.BF16
              ? (short) (Float.floatToRawIntBits(normal[i]) >>> 16)
              : Float.floatToFloat16(normal[i]);
    }
    if (dtype.isQuantised()) {
      chooseScales(deviation);
    }
  }

  private void chooseScales(double deviation) {
    boolean isSigned = minPerScale() == 0;
    for (int i = 0; i < SCALE_COUNT; i++) {
      // Blocks of real files differ in scale; 0.75 to 1.25 has a root mean square near 1.
      double spread = 0.75 + 0.5 * (i >>> 1) / (SCALE_COUNT / 2.0);
      double scale = deviation / rms() * spread;
      scales[i] = Float.floatToFloat16((float) (isSigned && i % 2 == 1 ? -scale : scale));
      mins[i] = Float.floatToFloat16((float) (scale * minPerScale()));
    }
  }

  private double rms() {
    return switch (dtype) {
      case Q4_0, Q4_1 -> RMS_4_BITS;
      case Q5_0, Q5_1 -> RMS_5_BITS;
      case Q8_0 -> RMS_8_BITS;
      case IQ4_NL -> RMS_IQ4_NL;
      case Q2_K -> RMS_2_BITS * RMS_UPPER_HALF_OF_4_BITS;
      case Q3_K -> RMS_3_BITS * RMS_6_BITS;
      case Q4_K -> RMS_4_BITS * RMS_UPPER_HALF_OF_6_BITS;
      case Q5_K -> RMS_5_BITS * RMS_UPPER_HALF_OF_6_BITS;
      case Q6_K -> RMS_6_BITS * RMS_8_BITS;
      default -> throw new IllegalArgumentException("no recipe for random weights of " + dtype);
    };
  }

  // The min field that centres a block on zero, as a multiple of its scale; 0 without such a field.
  private double minPerScale() {
    return switch (dtype) {
      case Q4_1 -> -7.5;
      case Q5_1 -> -15.5;
      case Q2_K -> 1.5; // subtracted, times the same small scale
      case Q4_K -> 7.5;
      case Q5_K -> 15.5;
      default -> 0;
    };
  }

  /// Fills `out` from byte `start` to byte `end`, whole blocks; at least eight more bytes of `out`
  /// may be overwritten.
  void fill(byte[] out, int start, int end, SplitMix random) {
    for (int at = start; at < end; at += dtype.blockBytes()) {
      switch (dtype) {
        case F32 -> INTS.set(out, at, Float.floatToRawIntBits(normal[index(random)]));
        case F16, BF16 -> SHORTS.set(out, at, normalBits[index(random)]);
        case Q4_0, IQ4_NL -> scaleFirst(out, at, 2, 16, random);
        case Q5_0 -> scaleFirst(out, at, 2, 20, random);
        case Q8_0 -> {
          scaleFirst(out, at, 2, 32, random);
          withoutLowest(out, at + 2, 32);
        }
        case Q4_1 -> scaleFirst(out, at, 4, 16, random);
        case Q5_1 -> scaleFirst(out, at, 4, 20, random);
        case Q2_K -> {
          bits(out, at + 16, 64, random);
          twoBitScales(out, at, random);
          scale(out, at + 80, true, random);
        }
        case Q3_K -> {
          bits(out, at, 108, random);
          scale(out, at + 108, false, random);
        }
        case Q4_K -> superBlock(out, at, 128, random);
        case Q5_K -> superBlock(out, at, 160, random);
        case Q6_K -> {
          bits(out, at, 208, random);
          scale(out, at + 208, false, random);
        }
        default -> throw new IllegalArgumentException("no recipe for random weights of " + dtype);
      }
    }
  }

  private static int index(SplitMix random) {
    return (int) (random.next() >>> 64 - 12);
  }

  private void scaleFirst(byte[] out, int at, int scaleBytes, int bitBytes, SplitMix random) {
    scale(out, at, scaleBytes == 4, random);
    bits(out, at + scaleBytes, bitBytes, random);
  }

  private void scale(byte[] out, int at, boolean hasMin, SplitMix random) {
    int i = (int) (random.next() >>> 56);
    SHORTS.set(out, at, scales[i]);
    if (hasMin) {
      SHORTS.set(out, at + 2, mins[i]);
    }
  }

  private static void bits(byte[] out, int at, int count, SplitMix random) {
    for (int i = 0; i < count; i += 8) {
      LONGS.set(out, at + i, random.next());
    }
  }

  // Quantisers never make -128, and kernels may count on it.
  private static void withoutLowest(byte[] out, int at, int count) {
    for (int i = at; i < at + count; i++) {
      out[i] = (byte) Math.max(out[i], -127);
    }
  }

  // Sixteen bytes of a 4-bit scale and a 4-bit min, equal and of their upper half.
  private static void twoBitScales(byte[] out, int at, SplitMix random) {
    long draws = random.next();
    for (int i = 0; i < 16; i++) {
      int scale = 8 | (int) (draws >>> 4 * i) & 7;
      out[at + i] = (byte) (scale | scale << 4);
    }
  }

  // Scale, min, eight 6-bit scales and mins in twelve bytes, then bits. Scale j is equal to min j
  // and of the upper half, so byte j and j + 4 are alike.
  private void superBlock(byte[] out, int at, int bitBytes, SplitMix random) {
    bits(out, at + 16, bitBytes, random);
    scale(out, at, true, random);
    long draws = random.next();
    for (int j = 0; j < 4; j++) {
      int low = 32 | (int) (draws >>> 5 * j) & 31;
      int high = 32 | (int) (draws >>> 5 * j + 20) & 31;
      byte packed = (byte) (low | high >> 4 << 6);
      out[at + 4 + j] = packed;
      out[at + 8 + j] = packed;
      out[at + 12 + j] = (byte) (high & 15 | (high & 15) << 4);
    }
  }
}
