// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// The loop filter (RFC 6386, section 15): smooths the edges of macroblocks and of the blocks in
/// them, where the step across an edge looks like an artefact.
final class Vp8Filter {
  private final int limit;
  private final int interior;
  private final int highVariance;

  Vp8Filter(int level, int sharpness) {
    int inner = level;
    if (sharpness > 0) {
      inner = Math.min(inner >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
    }
    interior = Math.max(inner, 1);
    limit = 2 * level + interior;
    highVariance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
  }

  /// Luma only.
  void simple(Vp8Plane plane, int col, int row, boolean isInner) {
    int at = plane.at(col * 16, row * 16);
    if (col > 0) {
      simpleEdge(plane.samples, at, 1, plane.stride, limit + 4);
    }
    for (int i = 4; i < 16 && isInner; i += 4) {
      simpleEdge(plane.samples, at + i, 1, plane.stride, limit);
    }
    if (row > 0) {
      simpleEdge(plane.samples, at, plane.stride, 1, limit + 4);
    }
    for (int i = 4; i < 16 && isInner; i += 4) {
      simpleEdge(plane.samples, at + i * plane.stride, plane.stride, 1, limit);
    }
  }

  /// One plane of a macroblock of `size` pixels.
  void normal(Vp8Plane plane, int col, int row, int size, boolean isInner) {
    int at = plane.at(col * size, row * size);
    int stride = plane.stride;
    if (col > 0) {
      outerEdge(plane.samples, at, 1, stride, size);
    }
    for (int i = 4; i < size && isInner; i += 4) {
      innerEdge(plane.samples, at + i, 1, stride, size);
    }
    if (row > 0) {
      outerEdge(plane.samples, at, stride, 1, size);
    }
    for (int i = 4; i < size && isInner; i += 4) {
      innerEdge(plane.samples, at + i * stride, stride, 1, size);
    }
  }

  /// @param across distance of samples across the edge
  /// @param along distance of samples along it
  private static void simpleEdge(byte[] s, int at, int across, int along, int edgeLimit) {
    for (int i = 0; i < 16; i++, at += along) {
      if (isWithin(s, at, across, 2 * edgeLimit + 1)) {
        narrow(s, at, across);
      }
    }
  }

  private void outerEdge(byte[] s, int at, int across, int along, int size) {
    for (int i = 0; i < size; i++, at += along) {
      if (isArtefact(s, at, across, 2 * (limit + 4) + 1)) {
        if (isHighVariance(s, at, across)) {
          narrow(s, at, across);
        } else {
          wide(s, at, across);
        }
      }
    }
  }

  private void innerEdge(byte[] s, int at, int across, int along, int size) {
    for (int i = 0; i < size; i++, at += along) {
      if (isArtefact(s, at, across, 2 * limit + 1)) {
        if (isHighVariance(s, at, across)) {
          narrow(s, at, across);
        } else {
          medium(s, at, across);
        }
      }
    }
  }

  private static boolean isWithin(byte[] s, int at, int step, int bound) {
    return 4 * difference(s, at - step, at) + difference(s, at - 2 * step, at + step) <= bound;
  }

  private boolean isArtefact(byte[] s, int at, int step, int bound) {
    return isWithin(s, at, step, bound)
        && difference(s, at - 4 * step, at - 3 * step) <= interior
        && difference(s, at - 3 * step, at - 2 * step) <= interior
        && difference(s, at - 2 * step, at - step) <= interior
        && difference(s, at + 3 * step, at + 2 * step) <= interior
        && difference(s, at + 2 * step, at + step) <= interior
        && difference(s, at + step, at) <= interior;
  }

  private boolean isHighVariance(byte[] s, int at, int step) {
    return difference(s, at - 2 * step, at - step) > highVariance
        || difference(s, at + step, at) > highVariance;
  }

  /// Changes one sample on each side.
  private static void narrow(byte[] s, int at, int step) {
    int a =
        3 * signed(s, at, at - step) + Math.clamp(signed(s, at - 2 * step, at + step), -128, 127);
    add(s, at, -fourth(a + 4));
    add(s, at - step, fourth(a + 3));
  }

  /// Changes two samples on each side.
  private static void medium(byte[] s, int at, int step) {
    int a = 3 * signed(s, at, at - step);
    int near = fourth(a + 4);
    int far = near + 1 >> 1;
    add(s, at - 2 * step, far);
    add(s, at - step, fourth(a + 3));
    add(s, at, -near);
    add(s, at + step, -far);
  }

  /// Changes three samples on each side.
  private static void wide(byte[] s, int at, int step) {
    int outer = Math.clamp(signed(s, at - 2 * step, at + step), -128, 127);
    int a = Math.clamp(3 * signed(s, at, at - step) + outer, -128, 127);
    for (int i = 0; i < 3; i++) {
      int change = (27 - 9 * i) * a + 63 >> 7;
      add(s, at - (i + 1) * step, change);
      add(s, at + i * step, -change);
    }
  }

  private static int fourth(int a) {
    return Math.clamp(a >> 3, -16, 15);
  }

  private static int signed(byte[] s, int a, int b) {
    return (s[a] & 255) - (s[b] & 255);
  }

  private static int difference(byte[] s, int a, int b) {
    return Math.abs(signed(s, a, b));
  }

  private static void add(byte[] s, int at, int change) {
    s[at] = (byte) Math.clamp((s[at] & 255) + change, 0, 255);
  }
}
