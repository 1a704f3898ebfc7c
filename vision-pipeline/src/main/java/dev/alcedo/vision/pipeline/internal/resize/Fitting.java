// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.resize;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.Arrays;

/// How a picture is brought to a size that has another aspect ratio. Immutable; any thread.
///
/// @param filter that it is resampled with
/// @param isPadded whether the aspect ratio is kept and the rest of the canvas filled; else the
///   picture is stretched
/// @param padColour red, green, blue, 0 to 255
public record Fitting(Filter filter, boolean isPadded, int[] padColour) {
  /// Copies the colour.
  public Fitting {
    padColour = padColour.clone();
  }

  /// Stretched to the size asked for.
  public static Fitting stretched(Filter filter) {
    return new Fitting(filter, false, new int[3]);
  }

  /// In the middle of a canvas of one colour.
  public static Fitting padded(Filter filter, int red, int green, int blue) {
    return new Fitting(filter, true, new int[] {red, green, blue});
  }

  /// `source` at `width` x `height` pixels; itself if it has that size already.
  public Bitmap fit(Bitmap source, int width, int height) {
    if (!isPadded) {
      return Resizer.resize(source, width, height, filter);
    }
    // In float and rounded up, as llama.cpp has it: a pixel more or less moves all others.
    float scale = Math.min((float) width / source.width(), (float) height / source.height());
    int scaledWidth = Math.min((int) Math.ceil(source.width() * scale), width);
    int scaledHeight = Math.min((int) Math.ceil(source.height() * scale), height);
    Bitmap scaled = Resizer.resize(source, scaledWidth, scaledHeight, filter);
    return scaledWidth == width && scaledHeight == height ? scaled : pad(scaled, width, height);
  }

  private Bitmap pad(Bitmap scaled, int width, int height) {
    Bitmap canvas = Bitmap.black(width, height);
    byte[] rgb = canvas.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) padColour[i % 3];
    }
    int left = (width - scaled.width()) / 2;
    int top = (height - scaled.height()) / 2;
    int rowBytes = scaled.width() * 3;
    for (int y = 0; y < scaled.height(); y++) {
      System.arraycopy(scaled.rgb(), y * rowBytes, rgb, ((top + y) * width + left) * 3, rowBytes);
    }
    return canvas;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fitting fitting
        && filter == fitting.filter
        && isPadded == fitting.isPadded
        && Arrays.equals(padColour, fitting.padColour);
  }

  @Override
  public int hashCode() {
    return 31 * filter.hashCode() + Arrays.hashCode(padColour);
  }
}
