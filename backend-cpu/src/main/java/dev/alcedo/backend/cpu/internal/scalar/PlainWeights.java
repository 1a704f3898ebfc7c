// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// F32, F16 (IEEE 754 binary16) and BF16 (the upper half of an F32).
final class PlainWeights {
  static final ValueLayout.OfShort U16_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfInt I32_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PlainWeights() {}

  /// One F16 number.
  static float f16(MemorySegment data, long offset) {
    return Float.float16ToFloat(data.get(U16_LE, offset));
  }

  static void readF32(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int i = 0; i < count; i++) {
      y[yOffset + i] = data.get(TensorView.F32_LE, offset + 4L * i);
    }
  }

  static void readF16(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int i = 0; i < count; i++) {
      y[yOffset + i] = Float.float16ToFloat(data.get(U16_LE, offset + 2L * i));
    }
  }

  static void readBf16(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    for (int i = 0; i < count; i++) {
      y[yOffset + i] = Float.intBitsToFloat(data.get(U16_LE, offset + 2L * i) << 16);
    }
  }
}
