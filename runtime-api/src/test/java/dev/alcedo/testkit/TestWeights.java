// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/// Random weights of each dtype that backends are tested with, as bytes of the GGUF layout. All bit
/// patterns of quants occur; scales are such that values are of the order of 1.
public final class TestWeights {
  private TestWeights() {}

  /// A matrix `[rows, cols]` in native memory that is freed when unreachable.
  ///
  /// @throws IllegalArgumentException if there is no recipe for `dtype`
  public static TensorView random(DType dtype, int rows, int cols, Random random) {
    int size = Math.toIntExact(dtype.bytes((long) rows * cols));
    var bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      switch (dtype) {
        case F32 -> bytes.putFloat((float) random.nextGaussian());
        case F16 -> bytes.putShort(f16(random));
        case BF16 ->
            bytes.putShort((short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
        case Q8_0 -> block(bytes, dtype, 1f / 64, random, 0);
        case Q4_0, Q5_0, IQ4_NL -> block(bytes, dtype, 1f / 16, random, 0);
        case Q4_1, Q5_1 -> block(bytes, dtype, 1f / 16, random, 0, 2);
        case Q2_K -> block(bytes, dtype, 1f / 32, random, 80, 82);
        case Q3_K -> block(bytes, dtype, 1f / 64, random, 108);
        case Q4_K, Q5_K -> block(bytes, dtype, 1f / 512, random, 0, 2);
        case Q6_K -> block(bytes, dtype, 1f / 2048, random, 208);
        case IQ4_XS -> block(bytes, dtype, 1f / 2048, random, 0);
        case MXFP4 -> exponentBlock(bytes, dtype, random);
        default ->
            throw new IllegalArgumentException("no recipe for random %s weights".formatted(dtype));
      }
    }
    MemorySegment data =
        Arena.ofAuto().allocate(size, 64).copyFrom(MemorySegment.ofArray(bytes.array()));
    return new TensorView(dtype, Shape.of(rows, cols), data);
  }

  /// Mostly normal, now and then subnormal or zero.
  private static short f16(Random random) {
    double magnitude = random.nextInt(16) == 0 ? 3e-6 : 1;
    return Float.floatToFloat16((float) (random.nextGaussian() * magnitude));
  }

  /// A block of random bytes with F16 factors of about `scale` at the given offsets.
  private static void block(
      ByteBuffer bytes, DType dtype, float scale, Random random, int... factorOffsets) {
    int start = bytes.position();
    for (int i = 0; i < dtype.blockBytes(); i++) {
      bytes.put((byte) random.nextInt(256));
    }
    for (int offset : factorOffsets) {
      bytes.putShort(start + offset, Float.floatToFloat16((float) (random.nextGaussian() * scale)));
    }
  }

  /// MXFP4: the first byte is a power of two, here around 1.
  private static void exponentBlock(ByteBuffer bytes, DType dtype, Random random) {
    bytes.put((byte) (125 + random.nextInt(4)));
    for (int i = 1; i < dtype.blockBytes(); i++) {
      bytes.put((byte) random.nextInt(256));
    }
  }
}
