// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import dev.alcedo.vision.pipeline.internal.webp.Webp;
import java.io.IOException;

/// A WebP's pixels over white.
final class WebpPixels {
  private WebpPixels() {}

  static Bitmap read(ImageHeader header, byte[] image, ImageHeader.Detail.WebpData data)
      throws IOException {
    int width = header.width();
    int height = header.height();
    if (data.isLossless()) {
      return overWhite(
          width, height, Webp.lossless(image, data.offset(), data.length(), width, height));
    }
    byte[] rgb = Webp.lossy(image, data.offset(), data.length(), width, height);
    if (data.alphaLength() > 0) {
      byte[] alpha = Webp.alpha(image, data.alphaOffset(), data.alphaLength(), width, height);
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = RgbSamples.overWhite(rgb[i] & 255, alpha[i / 3] & 255);
      }
    }
    return new Bitmap(width, height, rgb);
  }

  private static Bitmap overWhite(int width, int height, int[] argb) {
    Bitmap bitmap = Bitmap.black(width, height);
    for (int i = 0; i < argb.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        bitmap.rgb()[i * 3 + channel] =
            RgbSamples.overWhite(argb[i] >> 16 - 8 * channel & 255, argb[i] >>> 24);
      }
    }
    return bitmap;
  }
}
