// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A lane of a chunk of packed weights, written int by int.
///
/// @param data packed weights
/// @param at where the lane's first plane is
record Planes(MemorySegment data, long at) {
  private static final ValueLayout.OfInt I32_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort I16_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Sets the int of plane `plane`.
  void set(int plane, int value) {
    data.set(I32_LE, at + (long) plane * Layout.PLANE, value);
  }

  /// Sets half `half` of the int of plane `plane`.
  void setHalf(int plane, int half, short value) {
    data.set(I16_LE, at + (long) plane * Layout.PLANE + 2 * half, value);
  }

  /// Sets byte `i` of the int of plane `plane`.
  void setByte(int plane, int i, int value) {
    data.set(ValueLayout.JAVA_BYTE, at + (long) plane * Layout.PLANE + i, (byte) value);
  }

  /// Four bytes of a file.
  static int i32(MemorySegment file, long offset) {
    return file.get(I32_LE, offset);
  }

  /// Two bytes of a file.
  static short i16(MemorySegment file, long offset) {
    return file.get(I16_LE, offset);
  }

  /// A byte of a file.
  static int u8(MemorySegment file, long offset) {
    return file.get(ValueLayout.JAVA_BYTE, offset) & 255;
  }
}
