// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.util.Arrays;

/// One plane of a frame in whole macroblocks, with a border that prediction reads: 127 above, 129
/// to the left and at the corner from the second row of macroblocks on.
final class Vp8Plane {
  /// Columns left of the picture, and right of it for the pixels above and to the right.
  private static final int BORDER = 16;

  final byte[] samples;
  final int stride;

  Vp8Plane(int width, int height) {
    stride = width + 2 * BORDER;
    samples = new byte[Math.multiplyExact(stride, height + 1)];
    Arrays.fill(samples, 0, stride, (byte) 127);
    for (int y = 1; y <= height; y++) {
      samples[y * stride + BORDER - 1] = (byte) 129;
    }
  }

  /// Index of a sample; `y` may be -1, `x` down to -1.
  int at(int x, int y) {
    return (y + 1) * stride + BORDER + x;
  }

  int sample(int x, int y) {
    return samples[at(x, y)] & 255;
  }
}
