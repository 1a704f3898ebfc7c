// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Copies between F16 and F32 memory. Native order is little-endian on every system that has the
/// Neuron Adapter, and on those that test it.
final class Elements {
  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Elements() {}

  /// Copies `count` elements from index `from` to index `to`, rounding or widening.
  static void copy(
      MemorySegment source,
      boolean isSourceHalf,
      long from,
      MemorySegment target,
      boolean isTargetHalf,
      long to,
      long count) {
    if (isSourceHalf == isTargetHalf) {
      int bytes = isSourceHalf ? Short.BYTES : Float.BYTES;
      MemorySegment.copy(source, from * bytes, target, to * bytes, count * bytes);
    } else if (isTargetHalf) {
      for (long i = 0; i < count; i++) {
        float value = source.get(FLOAT, 4 * (from + i));
        target.set(HALF, 2 * (to + i), Float.floatToFloat16(value));
      }
    } else {
      for (long i = 0; i < count; i++) {
        short value = source.get(HALF, 2 * (from + i));
        target.set(FLOAT, 4 * (to + i), Float.float16ToFloat(value));
      }
    }
  }

  /// Whether one of the first `count` F32 elements is no number.
  static boolean hasNan(MemorySegment memory, long count) {
    boolean hasNan = false;
    for (long i = 0; i < count; i++) {
      hasNan |= Float.isNaN(memory.get(FLOAT, 4 * i));
    }
    return hasNan;
  }
}
