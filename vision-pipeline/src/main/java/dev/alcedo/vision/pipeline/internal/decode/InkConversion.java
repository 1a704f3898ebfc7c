// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.awt.image.Raster;

/// Inverted CMYK and YCCK samples of a JPEG to RGB without a colour profile: `(1 - ink)(1 - black)`
/// (as Pillow). YCCK's first three are CMY as JFIF's YCbCr stores RGB.
final class InkConversion {
  private InkConversion() {}

  /// @param raster four bands of 8 bits: 255 minus C, M, Y, K, or Y, Cb, Cr, 255 minus K
  /// @param rgb where to, three bytes a pixel
  static void convert(Raster raster, boolean isYcck, byte[] rgb) {
    int width = raster.getWidth();
    var samples = new int[width * 4];
    int out = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, samples);
      for (int in = 0; in < samples.length; in += 4) {
        if (isYcck) {
          toInverted(samples, in);
        }
        int lightness = samples[in + 3];
        for (int band = 0; band < 3; band++) {
          // Pillow's rounding: white less the rounded share of ink.
          rgb[out++] = (byte) (lightness - share(255 - samples[in + band], lightness));
        }
      }
    }
  }

  /// ITU-R BT.601 at full range, to 255 minus C, M, Y in place.
  private static void toInverted(int[] samples, int in) {
    float luma = samples[in];
    float cb = samples[in + 1] - 128;
    float cr = samples[in + 2] - 128;
    samples[in] = 255 - clip(luma + 1.402f * cr);
    samples[in + 1] = 255 - clip(luma - 0.344136f * cb - 0.714136f * cr);
    samples[in + 2] = 255 - clip(luma + 1.772f * cb);
  }

  private static int clip(float value) {
    return Math.clamp(Math.round(value), 0, 255);
  }

  /// `a * b / 255`, rounded.
  private static int share(int a, int b) {
    return (a * b + 127) / 255;
  }
}
