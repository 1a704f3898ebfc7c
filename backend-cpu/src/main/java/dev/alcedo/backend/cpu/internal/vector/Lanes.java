// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.vector.width.VectorWidth;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The width of all vectors, and loads that widen to it. Narrower elements come in narrower vectors
/// with as many lanes.
final class Lanes {
  /// Floats of the processor's preferred width, or of the width that a test asks for.
  static final VectorSpecies<Float> F = VectorWidth.species();

  /// Lanes of a vector.
  static final int LENGTH = F.length();

  static final VectorSpecies<Integer> I = F.withLanes(int.class);

  /// F16 scales of quant blocks.
  static final ValueLayout.OfShort U16_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));
  // There are no vectors of 32 bits: four bytes are read as one int.
  private static final boolean HAS_BYTES = LENGTH > 4;
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));
  private static final IntVector BYTE_TO_TOP = IntVector.zero(I).addIndex(-8).add(24);
  private static final ValueLayout.OfInt I32_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  // F16 to F32: the exponent's bias differs by 112. Multiplying puts that right for subnormals too.
  private static final int F16_MASK = 0x8FFFE000;
  private static final float F16_SCALE = 0x1p112f;
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int EXPONENT = 0x7F800000;
  private static final int F16_ABOVE = Float.floatToRawIntBits(65536f);

  private static final VectorShuffle<Float> DOWN_8 = down(8);
  private static final VectorShuffle<Float> DOWN_4 = down(4);
  private static final VectorShuffle<Float> DOWN_2 = down(2);

  private Lanes() {}

  static FloatVector load(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  static FloatVector load(float[] x, int i, VectorMask<Float> mask) {
    return FloatVector.fromArray(F, x, i, mask);
  }

  /// The lanes that are left of `length` elements at element `i`.
  static VectorMask<Float> rest(int i, int length) {
    return F.indexInRange(i, length);
  }

  /// The sum of all lanes, always in the same order. That of `reduceLanes` is another in compiled
  /// code than in interpreted code, and an answer would depend on how warm the JIT is.
  static float sum(FloatVector x) {
    FloatVector sum = x;
    if (LENGTH >= 16) {
      sum = sum.add(sum.rearrange(DOWN_8));
    }
    if (LENGTH >= 8) {
      sum = sum.add(sum.rearrange(DOWN_4));
    }
    sum = sum.add(sum.rearrange(DOWN_2));
    return sum.lane(0) + sum.lane(1);
  }

  private static VectorShuffle<Float> down(int distance) {
    return VectorShuffle.iota(F, distance, 1, true);
  }

  static FloatVector f32(MemorySegment data, long offset) {
    return FloatVector.fromMemorySegment(F, data, offset, LE);
  }

  /// F16 elements. Scaling makes numbers of 65536 and more of infinities and NaNs; those get the
  /// greatest exponent, and the fraction tells the two apart as before.
  static FloatVector f16(MemorySegment data, long offset) {
    FloatVector scaled =
        shorts(data, offset)
            .lanewise(VectorOperators.LSHL, 13)
            .and(F16_MASK)
            .reinterpretAsFloats()
            .mul(F16_SCALE);
    IntVector bits = scaled.reinterpretAsInts();
    VectorMask<Integer> isSpecial = bits.and(MAGNITUDE).compare(VectorOperators.GE, F16_ABOVE);
    return bits.lanewise(VectorOperators.OR, EXPONENT, isSpecial).reinterpretAsFloats();
  }

  static FloatVector bf16(MemorySegment data, long offset) {
    return shorts(data, offset).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /// Signed bytes as floats.
  static FloatVector i8(MemorySegment data, long offset) {
    if (HAS_BYTES) {
      return (FloatVector)
          ByteVector.fromMemorySegment(B, data, offset, LE).convertShape(VectorOperators.B2F, F, 0);
    }
    return toFloats(fourBytesAtTop(data, offset).lanewise(VectorOperators.ASHR, 24));
  }

  /// Unsigned bytes.
  static IntVector u8(MemorySegment data, long offset) {
    if (HAS_BYTES) {
      return (IntVector)
          ByteVector.fromMemorySegment(B, data, offset, LE)
              .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
    }
    return fourBytesAtTop(data, offset).lanewise(VectorOperators.LSHR, 24);
  }

  static FloatVector toFloats(IntVector x) {
    return (FloatVector) x.convert(VectorOperators.I2F, 0);
  }

  private static IntVector shorts(MemorySegment data, long offset) {
    return (IntVector)
        ShortVector.fromMemorySegment(S, data, offset, LE).convertShape(VectorOperators.S2I, I, 0);
  }

  private static IntVector fourBytesAtTop(MemorySegment data, long offset) {
    return IntVector.broadcast(I, data.get(I32_LE, offset))
        .lanewise(VectorOperators.LSHL, BYTE_TO_TOP);
  }
}
