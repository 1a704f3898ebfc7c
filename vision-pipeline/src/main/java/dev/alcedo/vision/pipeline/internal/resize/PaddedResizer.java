// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.resize;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;

/// Fits pictures into a canvas: scaled with the aspect ratio kept, in the middle, the rest black.
/// Sizes are computed in float and rounded up, as llama.cpp's mtmd does.
public final class PaddedResizer {
  private PaddedResizer() {}

  /// `source` on a canvas of `width` x `height` pixels; itself if it has that size already.
  public static Bitmap fit(Bitmap source, int width, int height, Filter filter) {
    if (source.width() == width && source.height() == height) {
      return source;
    }
    float scale = Math.min((float) width / source.width(), (float) height / source.height());
    int scaledWidth = Math.min((int) Math.ceil(source.width() * scale), width);
    int scaledHeight = Math.min((int) Math.ceil(source.height() * scale), height);
    Bitmap scaled = Resizer.resize(source, scaledWidth, scaledHeight, filter);
    if (scaledWidth == width && scaledHeight == height) {
      return scaled;
    }
    Bitmap canvas = Bitmap.black(width, height);
    int left = (width - scaledWidth) / 2;
    int top = (height - scaledHeight) / 2;
    for (int y = 0; y < scaledHeight; y++) {
      System.arraycopy(
          scaled.rgb(),
          y * scaledWidth * 3,
          canvas.rgb(),
          ((top + y) * width + left) * 3,
          scaledWidth * 3);
    }
    return canvas;
  }
}
