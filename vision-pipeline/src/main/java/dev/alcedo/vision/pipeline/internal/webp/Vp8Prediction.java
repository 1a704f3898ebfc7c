// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.util.Arrays;

/// Intra prediction (RFC 6386, section 12) from the pixels above and to the left.
final class Vp8Prediction {
  static final int DC = 0;
  static final int TM = 1;
  static final int VE = 2;
  static final int HE = 3;
  static final int RD = 4;
  static final int VR = 5;
  static final int LD = 6;
  static final int VL = 7;
  static final int HD = 8;
  static final int HU = 9;

  private Vp8Prediction() {}

  /// Predicts a whole macroblock's luma (size 16) or chroma (size 8).
  static void whole(Vp8Plane plane, int mode, int x0, int y0, int size) {
    byte[] s = plane.samples;
    int flat = mode == DC ? mean(plane, x0, y0, size) : 0;
    int corner = plane.sample(x0 - 1, y0 - 1);
    for (int y = 0; y < size; y++) {
      int row = plane.at(x0, y0 + y);
      int left = s[row - 1] & 255;
      switch (mode) {
        case DC -> Arrays.fill(s, row, row + size, (byte) flat);
        case VE -> System.arraycopy(s, plane.at(x0, y0 - 1), s, row, size);
        case HE -> Arrays.fill(s, row, row + size, (byte) left);
        default -> {
          int above = plane.at(x0, y0 - 1);
          for (int x = 0; x < size; x++) {
            s[row + x] = (byte) Math.clamp(left + (s[above + x] & 255) - corner, 0, 255);
          }
        }
      }
    }
  }

  /// Mean of what there is above and to the left; 128 in the corner of the picture.
  private static int mean(Vp8Plane plane, int x0, int y0, int size) {
    int sum = 0;
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (y0 > 0) {
        sum += plane.sample(x0 + i, y0 - 1);
        count++;
      }
      if (x0 > 0) {
        sum += plane.sample(x0 - 1, y0 + i);
        count++;
      }
    }
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  /// Predicts a 4x4 block at index `at`.
  ///
  /// @param e the pixels around it: `e[0..3]` left from below, `e[4]` the corner, `e[5..12]` above
  ///   and above to the right
  static void small(byte[] samples, int stride, int at, int mode, int[] e) {
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        samples[at + y * stride + x] = (byte) pixel(mode, e, x, y);
      }
    }
  }

  private static int pixel(int mode, int[] e, int x, int y) {
    return switch (mode) {
      case DC -> e[0] + e[1] + e[2] + e[3] + e[5] + e[6] + e[7] + e[8] + 4 >> 3;
      case TM -> Math.clamp(e[3 - y] + e[5 + x] - e[4], 0, 255);
      case VE -> three(e, 5 + x);
      case HE -> y == 3 ? e[1] + 3 * e[0] + 2 >> 2 : three(e, 3 - y);
      case RD -> three(e, 4 + x - y);
      case LD -> x + y == 6 ? e[11] + 3 * e[12] + 2 >> 2 : three(e, 6 + x + y);
      case VR -> verticalRight(e, x, y);
      case VL -> verticalLeft(e, x, y);
      case HD -> horizontalDown(e, x, y);
      default -> horizontalUp(e, x, y);
    };
  }

  private static int verticalRight(int[] e, int x, int y) {
    int step = 2 * x - y;
    if (step < -1) {
      return three(e, 5 - y);
    }
    if (step == -1) {
      return three(e, 4);
    }
    return step % 2 == 0 ? two(e, 4 + step / 2) : three(e, 4 + (step + 1) / 2);
  }

  private static int verticalLeft(int[] e, int x, int y) {
    if (x == 3 && y >= 2) {
      return three(e, y == 2 ? 10 : 11);
    }
    int start = 5 + x + y / 2;
    return y % 2 == 0 ? two(e, start) : three(e, start + 1);
  }

  private static int horizontalDown(int[] e, int x, int y) {
    int step = 2 * y - x;
    if (step < -1) {
      return three(e, 3 + x);
    }
    if (step == -1) {
      return three(e, 4);
    }
    return step % 2 == 0 ? two(e, 3 - step / 2) : three(e, 4 - (step + 1) / 2);
  }

  private static int horizontalUp(int[] e, int x, int y) {
    int step = x + 2 * y;
    if (step > 5) {
      return e[0];
    }
    if (step == 5) {
      return e[1] + 3 * e[0] + 2 >> 2;
    }
    return step % 2 == 0 ? two(e, 2 - step / 2) : three(e, 2 - step / 2);
  }

  private static int two(int[] e, int i) {
    return e[i] + e[i + 1] + 1 >> 1;
  }

  private static int three(int[] e, int middle) {
    return e[middle - 1] + 2 * e[middle] + e[middle + 1] + 2 >> 2;
  }
}
