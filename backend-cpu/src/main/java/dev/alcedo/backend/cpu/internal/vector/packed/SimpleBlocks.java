// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.foreign.MemorySegment;

/// The blocks of 32 elements (ggml, `block_q4_0` to `block_q5_1`): F16 scale d, with minima F16 m,
/// with five bits an int of fifth bits, then 16 bytes whose low nibbles are elements 0 to 15 and
/// high nibbles 16 to 31.
///
/// @param hasMins Q4_1, Q5_1
/// @param hasFifths Q5_0, Q5_1
record SimpleBlocks(boolean hasMins, boolean hasFifths) implements BlockReader {
  @Override
  public void read(MemorySegment file, long from, int blocks, Planes planes) {
    int fifths = hasMins ? 4 : 2;
    int nibbles = fifths + (hasFifths ? 4 : 0);
    int planeCount = hasFifths ? 6 : 4;
    int scales = blocks * planeCount;
    for (int b = 0; b < blocks; b++) {
      long at = from + (long) b * (nibbles + 16);
      planes.setHalf(scales + b / 2, b % 2, Planes.i16(file, at));
      if (hasMins) {
        int mins = scales + Math.ceilDiv(blocks, 2);
        planes.setHalf(mins + b / 2, b % 2, Planes.i16(file, at + 2));
      }
      if (hasFifths) {
        fifths(Planes.i32(file, at + fifths), b * planeCount, planes);
      }
      for (int q = 0; q < 4; q++) {
        int plane = hasFifths ? 1 + q + q / 2 : q;
        planes.set(b * planeCount + plane, Planes.i32(file, at + nibbles + 4 * q));
      }
    }
  }

  /// Bit i is the fifth of element i.
  private static void fifths(int bits, int plane, Planes planes) {
    for (int half = 0; half < 2; half++) {
      int first = spread(bits >>> 8 * half) | spread(bits >>> 16 + 8 * half) << 4;
      int second = spread(bits >>> 8 * half + 4) | spread(bits >>> 20 + 8 * half) << 4;
      planes.set(plane + 3 * half, first | second << 2);
    }
  }

  /// The low four bits, a byte each.
  private static int spread(int bits) {
    return bits & 1 | (bits & 2) << 7 | (bits & 4) << 14 | (bits & 8) << 21;
  }
}
