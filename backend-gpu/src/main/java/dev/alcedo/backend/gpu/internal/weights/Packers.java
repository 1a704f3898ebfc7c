// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.weights;

/// The packers of each dtype; the block layouts are those of ggml (`ggml-common.h`).
final class Packers {
  private Packers() {}

  /// Plain types stay as they are.
  static void copy(
      byte[] row, int count, byte[] quants, int quantsAt, byte[] scales, int scalesAt) {
    System.arraycopy(row, 0, quants, quantsAt, row.length);
  }

  /// An F16 scale, 32 signed bytes.
  static void q8_0(
      byte[] row, int blocks, byte[] quants, int quantsAt, byte[] scales, int scalesAt) {
    for (int b = 0; b < blocks; b++) {
      System.arraycopy(row, 34 * b, scales, scalesAt + 2 * b, 2);
      System.arraycopy(row, 34 * b + 2, quants, quantsAt + 32 * b, 32);
    }
  }

  /// An F16 scale, 16 bytes of nibbles: elements i and i + 16 share byte i.
  static void q4_0(
      byte[] row, int blocks, byte[] quants, int quantsAt, byte[] scales, int scalesAt) {
    for (int b = 0; b < blocks; b++) {
      System.arraycopy(row, 18 * b, scales, scalesAt + 2 * b, 2);
      neighbours(row, 18 * b + 2, 16, quants, quantsAt + 16 * b);
    }
  }

  /// F16 d and dmin, 12 bytes of 6-bit scales and mins, 128 bytes of nibbles: in each 64 elements,
  /// i and i + 32 share byte i.
  static void q4_K(
      byte[] row, int blocks, byte[] quants, int quantsAt, byte[] scales, int scalesAt) {
    for (int b = 0; b < blocks; b++) {
      int at = 144 * b;
      int to = scalesAt + 20 * b;
      System.arraycopy(row, at, scales, to, 4);
      for (int g = 0; g < 8; g++) {
        scales[to + 4 + g] = (byte) scale(row, at + 4, g);
        scales[to + 12 + g] = (byte) min(row, at + 4, g);
      }
      for (int part = 0; part < 4; part++) {
        neighbours(row, at + 16 + 32 * part, 32, quants, quantsAt + 128 * b + 32 * part);
      }
    }
  }

  /// 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales, F16 d; in each half of
  /// 128 elements l, l + 32, l + 64 and l + 96 share high byte l.
  static void q6_K(
      byte[] row, int blocks, byte[] quants, int quantsAt, byte[] scales, int scalesAt) {
    int highStart = quantsAt + 128 * blocks;
    for (int b = 0; b < blocks; b++) {
      int at = 210 * b;
      System.arraycopy(row, at + 208, scales, scalesAt + 18 * b, 2);
      System.arraycopy(row, at + 192, scales, scalesAt + 18 * b + 2, 16);
      for (int i = 0; i < 256; i++) {
        int half = i / 128;
        int quarter = i % 128 / 32;
        int l = i % 32;
        int low = row[at + 64 * half + 32 * (quarter % 2) + l] >>> 4 * (quarter / 2) & 15;
        int high = row[at + 128 + 32 * half + l] >>> 2 * quarter & 3;
        quants[quantsAt + 128 * b + i / 2] |= (byte) (low << 4 * (i % 2));
        quants[highStart + 64 * b + i / 4] |= (byte) (high << 2 * (i % 4));
      }
    }
  }

  /// Elements i and i + `length` share byte i before; elements 2 j and 2 j + 1 share byte j after.
  private static void neighbours(byte[] from, int at, int length, byte[] to, int toAt) {
    int half = length / 2;
    for (int j = 0; j < half; j++) {
      int a = from[at + 2 * j];
      int b = from[at + 2 * j + 1];
      to[toAt + j] = (byte) (a & 15 | b << 4 & 240);
      to[toAt + half + j] = (byte) (a >>> 4 & 15 | b & 240);
    }
  }

  /// Scales and mins of groups 0 to 3 are the low 6 bits of bytes 0 to 3 and 4 to 7; those of
  /// groups 4 to 7 have their low 4 bits in bytes 8 to 11 and their high 2 bits on top of the
  /// former.
  private static int scale(byte[] row, int at, int group) {
    return group < 4
        ? row[at + group] & 63
        : row[at + group + 4] & 15 | (row[at + group - 4] & 192) >>> 2;
  }

  private static int min(byte[] row, int at, int group) {
    return group < 4
        ? row[at + group + 4] & 63
        : (row[at + group + 4] & 240) >>> 4 | (row[at + group] & 192) >>> 2;
  }
}
