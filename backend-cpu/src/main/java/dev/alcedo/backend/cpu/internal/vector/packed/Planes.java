// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

/// A lane of a chunk of packed weights in the making: one int of each plane. Ints are zero at
/// first.
///
/// @param data planes of [Layout#ROWS] ints
/// @param at the lane's int in the first plane
record Planes(int[] data, int at) {
  /// Sets the int of plane `plane`.
  void set(int plane, int value) {
    data[at + plane * Layout.ROWS] = value;
  }

  /// Sets half `half`, zero until then, of the int of plane `plane`.
  void setHalf(int plane, int half, short value) {
    data[at + plane * Layout.ROWS] |= (value & 0xFFFF) << 16 * half;
  }

  /// Sets byte `i`, zero until then, of the int of plane `plane`.
  void setByte(int plane, int i, int value) {
    data[at + plane * Layout.ROWS] |= (value & 255) << 8 * i;
  }
}
