// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// Undoes the prediction of a WebP alpha plane (RFC 9649, section 2.7.1.2). The first row is
/// predicted from the left and the first column from above, whatever the method.
final class AlphaFilter {
  private static final int NONE = 0;
  private static final int HORIZONTAL = 1;
  private static final int VERTICAL = 2;

  private AlphaFilter() {}

  /// Turns differences into values in place.
  static void undo(int method, byte[] plane, int width, int height) {
    if (method == NONE) {
      return;
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        plane[at] += (byte) predicted(method, plane, width, x, y);
      }
    }
  }

  private static int predicted(int method, byte[] plane, int width, int x, int y) {
    int at = y * width + x;
    int left = x == 0 ? 0 : plane[at - 1] & 255;
    int above = y == 0 ? 0 : plane[at - width] & 255;
    if (y == 0 || x > 0 && method == HORIZONTAL) {
      return left;
    }
    if (x == 0 || method == VERTICAL) {
      return above;
    }
    return Math.clamp(left + above - (plane[at - width - 1] & 255), 0, 255);
  }
}
