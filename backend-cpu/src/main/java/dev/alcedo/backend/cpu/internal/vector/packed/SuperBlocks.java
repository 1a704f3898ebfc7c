// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.foreign.MemorySegment;

/// The super-blocks of 256 elements (ggml, `block_q4_K` to `block_q6_K`). Always a whole chunk.
final class SuperBlocks {
  private static final int NIBBLES = 0x0F0F0F0F;
  private static final int SCALES_Q4 = 4 * Layout.CHUNK_BLOCKS;
  private static final int SCALES_Q6 = 6 * Layout.CHUNK_BLOCKS;

  private SuperBlocks() {}

  /// d, dmin, 12 bytes of 6-bit scales and minima, 128 bytes of nibbles: block b is the low (b
  /// even) or high nibbles of 32 bytes.
  static void readQ4K(MemorySegment file, long from, int blocks, Planes planes) {
    for (int b = 0; b < blocks; b++) {
      for (int q = 0; q < 4; q++) {
        planes.set(4 * b + q, nibbles(file, from + 16 + 32 * (b / 2) + 4 * q, 4 * (b % 2)));
      }
    }
    readScales(file, from, SCALES_Q4, planes);
  }

  /// As Q4_K, with 32 bytes of fifth bits (bit b of byte i is element i of block b) before the
  /// nibbles.
  static void readQ5K(MemorySegment file, long from, int blocks, Planes planes) {
    for (int b = 0; b < blocks; b++) {
      for (int half = 0; half < 2; half++) {
        long fifths = from + 16 + 8 * half;
        long at = from + 48 + 32 * (b / 2) + 8 * half;
        int plane = 6 * b + 3 * half;
        planes.set(plane, bits(file, fifths, b, 1) | bits(file, fifths + 4, b, 1) << 2);
        planes.set(plane + 1, nibbles(file, at, 4 * (b % 2)));
        planes.set(plane + 2, nibbles(file, at + 4, 4 * (b % 2)));
      }
    }
    readScales(file, from, SCALES_Q6, planes);
  }

  /// 128 bytes of low nibbles, 64 of upper bit pairs, 16 signed scales of 16 elements each, d. Of
  /// each half of four blocks, blocks 0 and 1 are the low and 2 and 3 the high nibbles of 64 bytes;
  /// block r has bit pair r of 32 bytes.
  static void readQ6K(MemorySegment file, long from, int blocks, Planes planes) {
    for (int b = 0; b < blocks; b++) {
      int r = b % 4;
      for (int half = 0; half < 2; half++) {
        long low = from + 64 * (b / 4) + 32 * (r % 2) + 8 * half;
        long high = from + 128 + 32 * (b / 4) + 8 * half;
        int plane = 6 * b + 3 * half;
        planes.set(plane, bits(file, high, 2 * r, 3) | bits(file, high + 4, 2 * r, 3) << 2);
        planes.set(plane + 1, nibbles(file, low, 4 * (r / 2)));
        planes.set(plane + 2, nibbles(file, low + 4, 4 * (r / 2)));
        planes.setByte(
            SCALES_Q6 + b / 2, 2 * (b % 2) + half, Planes.u8(file, from + 192 + 2 * b + half));
      }
    }
    planes.setHalf(SCALES_Q6 + Layout.CHUNK_BLOCKS / 2, 0, Planes.i16(file, from + 208));
  }

  /// A plane of nibbles from four bytes and the four bytes 16 further on.
  private static int nibbles(MemorySegment file, long at, int shift) {
    int even = Planes.i32(file, at) >>> shift & NIBBLES;
    int odd = Planes.i32(file, at + 16) >>> shift & NIBBLES;
    return even | odd << 4;
  }

  /// The same of single bits or pairs of bits: what `mask` leaves of each byte.
  private static int bits(MemorySegment file, long at, int shift, int mask) {
    int each = mask * 0x01010101;
    return Planes.i32(file, at) >>> shift & each
        | (Planes.i32(file, at + 16) >>> shift & each) << 4;
  }

  /// Scales and minima of groups 0 to 3 are the low 6 bits of bytes 0 to 3 and 4 to 7; those of
  /// groups 4 to 7 have their low 4 bits in bytes 8 to 11 and their high 2 bits on top of the
  /// former.
  private static void readScales(MemorySegment file, long from, int plane, Planes planes) {
    int first = Planes.i32(file, from + 4);
    int second = Planes.i32(file, from + 8);
    int third = Planes.i32(file, from + 12);
    int scales = first & 0x3F3F3F3F;
    int mins = second & 0x3F3F3F3F;
    int upperScales = third & NIBBLES | first >>> 2 & 0x30303030;
    int upperMins = third >>> 4 & NIBBLES | second >>> 2 & 0x30303030;
    for (int b = 0; b < Layout.CHUNK_BLOCKS; b++) {
      int shift = 8 * (b % 4);
      planes.setByte(plane + b / 2, 2 * (b % 2), (b < 4 ? scales : upperScales) >>> shift);
      planes.setByte(plane + b / 2, 2 * (b % 2) + 1, (b < 4 ? mins : upperMins) >>> shift);
    }
    planes.set(plane + Layout.CHUNK_BLOCKS / 2, Planes.i32(file, from));
  }
}
