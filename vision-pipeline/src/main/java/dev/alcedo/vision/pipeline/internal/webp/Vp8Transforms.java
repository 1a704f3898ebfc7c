// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// Inverse transforms (RFC 6386, section 14): integer arithmetic, exact by definition.
final class Vp8Transforms {
  private Vp8Transforms() {}

  /// Walsh-Hadamard: 16 values at `in[0..15]` become the first coefficients of 16 blocks of 16.
  static void walshHadamard(int[] in, int[] blocks) {
    var t = new int[16];
    for (int i = 0; i < 4; i++) {
      int a0 = in[i] + in[12 + i];
      int a1 = in[4 + i] + in[8 + i];
      int a2 = in[4 + i] - in[8 + i];
      int a3 = in[i] - in[12 + i];
      t[i] = a0 + a1;
      t[4 + i] = a3 + a2;
      t[8 + i] = a0 - a1;
      t[12 + i] = a3 - a2;
    }
    for (int i = 0; i < 4; i++) {
      int row = 4 * i;
      int dc = t[row] + 3;
      int a0 = dc + t[row + 3];
      int a1 = t[row + 1] + t[row + 2];
      int a2 = t[row + 1] - t[row + 2];
      int a3 = dc - t[row + 3];
      blocks[row * 16] = a0 + a1 >> 3;
      blocks[(row + 1) * 16] = a3 + a2 >> 3;
      blocks[(row + 2) * 16] = a0 - a1 >> 3;
      blocks[(row + 3) * 16] = a3 - a2 >> 3;
    }
  }

  /// Cosine: adds the 4x4 block at `in[offset..]` to the pixels at `at`.
  static void addCosine(int[] in, int offset, byte[] plane, int at, int stride) {
    var t = new int[16];
    for (int i = 0; i < 4; i++) {
      int in0 = in[offset + i];
      int in4 = in[offset + 4 + i];
      int in8 = in[offset + 8 + i];
      int in12 = in[offset + 12 + i];
      int a = in0 + in8;
      int b = in0 - in8;
      int c = low(in4) - high(in12);
      int d = high(in4) + low(in12);
      t[4 * i] = a + d;
      t[4 * i + 1] = b + c;
      t[4 * i + 2] = b - c;
      t[4 * i + 3] = a - d;
    }
    for (int i = 0; i < 4; i++) {
      int dc = t[i] + 4;
      int a = dc + t[8 + i];
      int b = dc - t[8 + i];
      int c = low(t[4 + i]) - high(t[12 + i]);
      int d = high(t[4 + i]) + low(t[12 + i]);
      int row = at + i * stride;
      add(plane, row, a + d);
      add(plane, row + 1, b + c);
      add(plane, row + 2, b - c);
      add(plane, row + 3, a - d);
    }
  }

  private static void add(byte[] plane, int at, int value) {
    plane[at] = (byte) Math.clamp((plane[at] & 255) + (value >> 3), 0, 255);
  }

  /// Times `sqrt(2) * cos(pi / 8)`.
  private static int high(int value) {
    return (value * 20091 >> 16) + value;
  }

  /// Times `sqrt(2) * sin(pi / 8)`.
  private static int low(int value) {
    return value * 35468 >> 16;
  }
}
