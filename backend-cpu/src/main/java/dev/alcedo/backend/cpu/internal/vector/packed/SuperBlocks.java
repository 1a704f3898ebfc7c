// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

/// The super-blocks of 256 elements (ggml, `block_q4_K` to `block_q6_K`). Always a whole chunk.
final class SuperBlocks {
  private static final int NIBBLES = 0x0F0F0F0F;

  private SuperBlocks() {}

  /// d, dmin, 12 bytes of 6-bit scales and minima, 128 bytes of nibbles: block b is the low (b
  /// even) or high nibbles of 32 bytes.
  static void readQ4K(byte[] file, int from, int blocks, Planes codes, Planes scales) {
    for (int b = 0; b < blocks; b++) {
      for (int q = 0; q < 4; q++) {
        codes.set(4 * b + q, nibbles(file, from + 16 + 32 * (b / 2) + 4 * q, 4 * (b % 2)));
      }
    }
    readScales(file, from, scales);
  }

  /// As Q4_K, with 32 bytes of fifth bits (bit b of byte i is element i of block b) before the
  /// nibbles.
  static void readQ5K(byte[] file, int from, int blocks, Planes codes, Planes scales) {
    for (int b = 0; b < blocks; b++) {
      for (int half = 0; half < 2; half++) {
        int at = from + 48 + 32 * (b / 2) + 16 * half;
        sixBits(file, at, 4 * (b % 2), from + 16 + 16 * half, b, 1, 6 * b + 3 * half, codes);
      }
    }
    readScales(file, from, scales);
  }

  /// 128 bytes of low nibbles, 64 of upper bit pairs, 16 signed scales of 16 elements each, d. Of
  /// each half of four blocks, blocks 0 and 1 are the low and 2 and 3 the high nibbles of 64 bytes;
  /// block r has bit pair r of 32 bytes.
  static void readQ6K(byte[] file, int from, int blocks, Planes codes, Planes scales) {
    for (int b = 0; b < blocks; b++) {
      int r = b % 4;
      for (int half = 0; half < 2; half++) {
        int low = from + 64 * (b / 4) + 32 * (r % 2) + 16 * half;
        int high = from + 128 + 32 * (b / 4) + 16 * half;
        sixBits(file, low, 4 * (r / 2), high, 2 * r, 3, 6 * b + 3 * half, codes);
        scales.setByte(b / 2, 2 * (b % 2) + half, FileBytes.u8(file, from + 192 + 2 * b + half));
      }
    }
    scales.setHalf(Layout.CHUNK_BLOCKS / 2, 0, FileBytes.i16(file, from + 208));
  }

  /// A plane of nibbles from four bytes and the four bytes 16 further on.
  private static int nibbles(byte[] file, int at, int shift) {
    int even = FileBytes.i32(file, at) >>> shift & NIBBLES;
    int odd = FileBytes.i32(file, at + 16) >>> shift & NIBBLES;
    return even | odd << 4;
  }

  /// Planes of half a block: 16 nibbles, `shift` bits up in 16 bytes from `low` on, and the bits of
  /// `mask` `highShift` bits up in those from `high` on.
  private static void sixBits(
      byte[] file,
      int low,
      int shift,
      int high,
      int highShift,
      int mask,
      int plane,
      Planes planes) {
    planes.set(
        plane,
        SixBits.bitPlane(
            bits(file, high, highShift, mask),
            bits(file, high + 4, highShift, mask),
            bits(file, high + 8, highShift, mask),
            bits(file, high + 12, highShift, mask)));
    for (int r = 0; r < 2; r++) {
      int a = FileBytes.i32(file, low + 8 * r) >>> shift & NIBBLES;
      int b = FileBytes.i32(file, low + 8 * r + 4) >>> shift & NIBBLES;
      planes.set(plane + 1 + r, SixBits.nibblePlane(a, b));
    }
  }

  /// What `mask` leaves of each of four bytes.
  private static int bits(byte[] file, int at, int shift, int mask) {
    return FileBytes.i32(file, at) >>> shift & mask * 0x01010101;
  }

  /// Scales and minima of groups 0 to 3 are the low 6 bits of bytes 0 to 3 and 4 to 7; those of
  /// groups 4 to 7 have their low 4 bits in bytes 8 to 11 and their high 2 bits on top of the
  /// former.
  private static void readScales(byte[] file, int from, Planes planes) {
    int first = FileBytes.i32(file, from + 4);
    int second = FileBytes.i32(file, from + 8);
    int third = FileBytes.i32(file, from + 12);
    int lowerScales = first & 0x3F3F3F3F;
    int lowerMins = second & 0x3F3F3F3F;
    int upperScales = third & NIBBLES | first >>> 2 & 0x30303030;
    int upperMins = third >>> 4 & NIBBLES | second >>> 2 & 0x30303030;
    for (int b = 0; b < Layout.CHUNK_BLOCKS; b++) {
      int shift = 8 * (b % 4);
      planes.setByte(b / 2, 2 * (b % 2), (b < 4 ? lowerScales : upperScales) >>> shift);
      planes.setByte(b / 2, 2 * (b % 2) + 1, (b < 4 ? lowerMins : upperMins) >>> shift);
    }
    planes.set(Layout.CHUNK_BLOCKS / 2, FileBytes.i32(file, from));
  }
}
