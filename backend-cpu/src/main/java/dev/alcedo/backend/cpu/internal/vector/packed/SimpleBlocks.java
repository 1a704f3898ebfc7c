// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

/// The blocks of 32 elements (ggml, `block_q4_0` to `block_q5_1`): F16 scale d, with minima F16 m,
/// with five bits an int of fifth bits, then 16 bytes whose low nibbles are elements 0 to 15 and
/// high nibbles 16 to 31.
///
/// @param hasMins Q4_1, Q5_1
/// @param hasFifths Q5_0, Q5_1
record SimpleBlocks(boolean hasMins, boolean hasFifths) implements BlockReader {
  private static final int NIBBLES = 0x0F0F0F0F;

  @Override
  public void read(byte[] file, int from, int blocks, Planes codes, Planes scales) {
    int fifths = hasMins ? 4 : 2;
    int nibbles = fifths + (hasFifths ? 4 : 0);
    int planeCount = hasFifths ? 6 : 4;
    for (int b = 0; b < blocks; b++) {
      int at = from + b * (nibbles + 16);
      scales.setHalf(b / 2, b % 2, FileBytes.i16(file, at));
      if (hasMins) {
        int mins = Math.ceilDiv(blocks, 2);
        scales.setHalf(mins + b / 2, b % 2, FileBytes.i16(file, at + 2));
      }
      if (hasFifths) {
        sixBits(file, at + nibbles, FileBytes.i32(file, at + fifths), b * planeCount, codes);
      } else {
        for (int q = 0; q < 4; q++) {
          codes.set(b * planeCount + q, FileBytes.i32(file, at + nibbles + 4 * q));
        }
      }
    }
  }

  /// @param fifths bit i is the fifth of element i
  private static void sixBits(byte[] file, int nibbles, int fifths, int plane, Planes planes) {
    for (int half = 0; half < 2; half++) {
      int bits = fifths >>> 16 * half;
      planes.set(
          plane,
          SixBits.bitPlane(
              spread(bits), spread(bits >>> 4), spread(bits >>> 8), spread(bits >>> 12)));
      for (int r = 0; r < 2; r++) {
        int a = FileBytes.i32(file, nibbles + 8 * r) >>> 4 * half & NIBBLES;
        int b = FileBytes.i32(file, nibbles + 8 * r + 4) >>> 4 * half & NIBBLES;
        planes.set(plane + 1 + r, SixBits.nibblePlane(a, b));
      }
      plane += 3;
    }
  }

  /// The low four bits, a byte each.
  private static int spread(int bits) {
    return bits & 1 | (bits & 2) << 7 | (bits & 4) << 14 | (bits & 8) << 21;
  }
}
