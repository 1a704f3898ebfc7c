// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/// Pictures that the scripts under `src/test/python` draw too.
public final class TestPictures {
  private TestPictures() {}

  /// Noise from a linear congruential generator: `picture` of `resize_goldens.py`.
  public static Bitmap noise(int width, int height) {
    Bitmap bitmap = Bitmap.black(width, height);
    int state = 12345;
    for (int i = 0; i < bitmap.rgb().length; i++) {
      state = state * 1103515245 + 12345 & 0x7FFFFFFF;
      bitmap.rgb()[i] = (byte) (state >> 16);
    }
    return bitmap;
  }

  /// `bitmap` as a PNG file.
  public static byte[] png(Bitmap bitmap) {
    var image = new BufferedImage(bitmap.width(), bitmap.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < bitmap.width() * bitmap.height(); i++) {
      int red = bitmap.rgb()[i * 3] & 255;
      int green = bitmap.rgb()[i * 3 + 1] & 255;
      int blue = bitmap.rgb()[i * 3 + 2] & 255;
      image.setRGB(i % bitmap.width(), i / bitmap.width(), red << 16 | green << 8 | blue);
    }
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
