// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// VP8's planes to RGB as libwebp does it: chroma interpolated with weights 9, 3, 3, 1 of 16
/// ("fancy upsampling"), then ITU-R BT.601 with luma 16 to 235 in 14-bit fixed point. Equal to the
/// bit, so that a model sees what it saw in training.
///
/// @param luma in full size
/// @param u half as wide and high, rounded up
/// @param v like u
record VideoRange(Vp8Plane luma, Vp8Plane u, Vp8Plane v, int width, int height) {
  private static final int FRACTION_BITS = 6;

  void toRgb(byte[] rgb) {
    int out = 0;
    for (int y = 0; y < height; y++) {
      int row = y / 2;
      int rowNext = next(y, height);
      for (int x = 0; x < width; x++) {
        int col = x / 2;
        int colNext = next(x, width);
        int at = u.at(col, row);
        int across = u.at(colNext, row);
        int down = u.at(col, rowNext);
        int diagonal = u.at(colNext, rowNext);
        int light = scaled(luma.sample(x, y), 19077);
        int blueness = blend(u.samples, at, across, down, diagonal);
        int redness = blend(v.samples, at, across, down, diagonal);
        rgb[out++] = clip(light + scaled(redness, 26149) - 14234);
        rgb[out++] = clip(light - scaled(blueness, 6419) - scaled(redness, 13320) + 8708);
        rgb[out++] = clip(light + scaled(blueness, 33050) - 17685);
      }
    }
  }

  /// The chroma row or column that lies on the other side of pixel `i`: the one before for even
  /// pixels, the one after for odd ones; at the edge the same.
  private static int next(int i, int length) {
    return Math.clamp(i / 2 + (i % 2 == 0 ? -1 : 1), 0, (length - 1) / 2);
  }

  private static int blend(byte[] plane, int at, int across, int down, int diagonal) {
    int near = plane[at] & 255;
    int sides = (plane[across] & 255) + (plane[down] & 255);
    return near + (near + 3 * sides + (plane[diagonal] & 255) + 8 >> 3) >> 1;
  }

  private static int scaled(int sample, int factor) {
    return sample * factor >> 8;
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value >> FRACTION_BITS, 0, 255);
  }
}
