// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import dev.alcedo.backend.cpu.internal.vector.width.VectorWidth;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Vectors of the packed kernels: floats, ints, and shorts in twos per lane, all of one width.
final class PackedLanes {
  static final VectorSpecies<Float> F = VectorWidth.species();
  static final VectorSpecies<Integer> I = F.withLanes(int.class);
  static final VectorSpecies<Short> S = F.withLanes(short.class);

  /// Rows of a vector.
  static final int LENGTH = F.length();

  /// Shorts of a vector.
  static final int SHORTS = S.length();

  // F16 to F32: the exponent's bias differs by 112.
  private static final int F16_MASK = 0x8FFFE000;
  private static final float F16_SCALE = 0x1p112f;

  private PackedLanes() {}

  static IntVector load(MemorySegment data, long offset) {
    return IntVector.fromMemorySegment(I, data, offset, ByteOrder.LITTLE_ENDIAN);
  }

  static ShortVector loadShorts(MemorySegment data, long offset) {
    return ShortVector.fromMemorySegment(S, data, offset, ByteOrder.LITTLE_ENDIAN);
  }

  /// A pair of activations for every row.
  static ShortVector pair(int[] x, int i) {
    return IntVector.broadcast(I, x[i]).reinterpretAsShorts();
  }

  /// The F16 numbers in the low halves of lanes, which must be finite.
  static FloatVector lowF16(IntVector x) {
    return f16(x.lanewise(VectorOperators.LSHL, 16));
  }

  /// The F16 numbers in the high halves of lanes.
  static FloatVector highF16(IntVector x) {
    return f16(x);
  }

  private static FloatVector f16(IntVector atTop) {
    return atTop
        .lanewise(VectorOperators.ASHR, 3)
        .and(F16_MASK)
        .reinterpretAsFloats()
        .mul(F16_SCALE);
  }

  static FloatVector toFloats(IntVector x) {
    return (FloatVector) x.convert(VectorOperators.I2F, 0);
  }

  /// What the two halves of each lane add up to.
  static FloatVector sumOfHalves(short[] x, int i) {
    IntVector halves = ShortVector.fromArray(S, x, i).reinterpretAsInts();
    IntVector low = halves.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    return toFloats(halves.lanewise(VectorOperators.ASHR, 16).add(low));
  }

  static FloatVector broadcast(float x) {
    return FloatVector.broadcast(F, x);
  }
}
