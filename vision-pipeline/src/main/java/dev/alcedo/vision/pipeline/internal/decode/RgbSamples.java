// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// Samples of any of ImageIO's image types as RGB over white. `BufferedImage.getRGB` is not used
/// for grey and profiled pictures: it would convert between colour spaces and brighten greys.
final class RgbSamples {
  private static final int WHITE = 255;

  private RgbSamples() {}

  /// Writes `image` to `to` at (`left`, `top`), over what is there where it is transparent.
  static void copy(BufferedImage image, Bitmap to, int left, int top) {
    Rows rows = rows(image);
    int width = image.getWidth();
    var argb = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      rows.read(y, argb);
      int out = ((top + y) * to.width() + left) * 3;
      for (int x = 0; x < width; x++) {
        int pixel = argb[x];
        int alpha = pixel >>> 24;
        to.rgb()[out++] = overWhite(pixel >> 16 & 255, alpha);
        to.rgb()[out++] = overWhite(pixel >> 8 & 255, alpha);
        to.rgb()[out++] = overWhite(pixel & 255, alpha);
      }
    }
  }

  /// `colour * alpha + white * (1 - alpha)`, rounded.
  static byte overWhite(int colour, int alpha) {
    return (byte) (alpha == 255 ? colour : (colour * alpha + WHITE * (255 - alpha) + 127) / 255);
  }

  private static Rows rows(BufferedImage image) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    if (model instanceof IndexColorModel palette) {
      return indexed(raster, palette);
    }
    if (model instanceof ComponentColorModel && !model.isAlphaPremultiplied()) {
      return components(raster, model);
    }
    return (y, argb) -> image.getRGB(0, y, argb.length, 1, argb, 0, argb.length);
  }

  private static Rows indexed(Raster raster, IndexColorModel palette) {
    // An index beyond the palette shows as transparent.
    var colours = new int[1 << palette.getPixelSize()];
    palette.getRGBs(colours);
    return (y, argb) -> {
      raster.getSamples(0, y, argb.length, 1, 0, argb);
      for (int x = 0; x < argb.length; x++) {
        argb[x] = colours[argb[x]];
      }
    };
  }

  private static Rows components(Raster raster, ColorModel model) {
    int bandCount = raster.getNumBands();
    boolean isGrey = bandCount < 3;
    var samples = new int[raster.getWidth() * bandCount];
    int[] bits = model.getComponentSize();
    return (y, argb) -> {
      raster.getPixels(0, y, argb.length, 1, samples);
      for (int x = 0; x < argb.length; x++) {
        int at = x * bandCount;
        int red = upper(samples[at], bits[0]);
        int green = isGrey ? red : upper(samples[at + 1], bits[1]);
        int blue = isGrey ? red : upper(samples[at + 2], bits[2]);
        int alpha =
            model.hasAlpha() ? upper(samples[at + bandCount - 1], bits[bandCount - 1]) : 255;
        argb[x] = alpha << 24 | red << 16 | green << 8 | blue;
      }
    };
  }

  /// A sample as 8 bits: the upper byte of more, the full range of fewer.
  private static int upper(int sample, int bits) {
    return bits >= 8 ? sample >> bits - 8 : sample * 255 / ((1 << bits) - 1);
  }

  /// Reads one row as non-premultiplied ARGB.
  private interface Rows {
    void read(int y, int[] argb);
  }
}
