// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import static java.util.Map.entry;

import dev.alcedo.runtime.api.tensor.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The element types that can be written. A new one is a line here.
final class BlockEncoders {
  private static final Map<DType, Supplier<BlockEncoder>> ALL =
      new EnumMap<>(
          Map.ofEntries(
              entry(DType.F32, () -> (x, at, out) -> out.putFloat(x[at])),
              entry(DType.F16, () -> (x, at, out) -> out.putShort(Float.floatToFloat16(x[at]))),
              entry(DType.BF16, () -> (x, at, out) -> out.putShort(bf16(x[at]))),
              entry(DType.Q8_0, () -> SmallBlocks::q8_0),
              entry(DType.Q4_0, () -> SmallBlocks::q4_0),
              entry(DType.Q4_1, () -> SmallBlocks::q4_1),
              entry(DType.Q5_0, () -> SmallBlocks::q5_0),
              entry(DType.Q5_1, () -> SmallBlocks::q5_1),
              entry(DType.Q4_K, () -> new AffineBlocks(15)),
              entry(DType.Q5_K, () -> new AffineBlocks(31)),
              entry(DType.Q6_K, Q6KBlocks::new)));

  private BlockEncoders() {}

  /// The types there are encoders for.
  static Set<DType> known() {
    return ALL.keySet();
  }

  /// A new encoder, for one thread.
  ///
  /// @throws IllegalArgumentException if there is none for `dtype`
  static BlockEncoder open(DType dtype) {
    Supplier<BlockEncoder> encoder = ALL.get(dtype);
    if (encoder == null) {
      throw new IllegalArgumentException("no encoder for " + dtype);
    }
    return encoder.get();
  }

  /// To the nearest, ties to even.
  private static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }
}
