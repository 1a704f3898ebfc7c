// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.resize;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.Arrays;

/// Resamples bitmaps as Pillow's `Image.resize` does: across first, then down, each pass rounded to
/// 8 bits; shrinking widens the filter. A model sees at run time what it saw in training.
public final class Resizer {
  private static final int HALF = 1 << Contributions.FRACTION_BITS - 1;

  private Resizer() {}

  /// `source` at another size; itself if it has that size already.
  ///
  /// @throws IllegalArgumentException if a side is below 1
  /// @throws ArithmeticException if a bitmap on the way exceeds 2^31 - 1 bytes
  public static Bitmap resize(Bitmap source, int width, int height, Filter filter) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "resize: expected sides of at least 1, got %dx%d".formatted(width, height));
    }
    Bitmap across = width == source.width() ? source : across(source, width, filter);
    return height == source.height() ? across : down(across, height, filter);
  }

  private static Bitmap across(Bitmap source, int width, Filter filter) {
    Contributions from = Contributions.of(filter, source.width(), width);
    Bitmap target = Bitmap.black(width, source.height());
    byte[] in = source.rgb();
    byte[] out = target.rgb();
    int[] weights = from.weights();
    int at = 0;
    for (int y = 0; y < source.height(); y++) {
      int row = y * source.width() * 3;
      for (int x = 0; x < width; x++) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int pixel = row + from.starts()[x] * 3;
        int first = x * from.stride();
        int end = first + from.counts()[x];
        for (int k = first; k < end; k++) {
          int weight = weights[k];
          red += (in[pixel] & 255) * weight;
          green += (in[pixel + 1] & 255) * weight;
          blue += (in[pixel + 2] & 255) * weight;
          pixel += 3;
        }
        out[at++] = clip(red);
        out[at++] = clip(green);
        out[at++] = clip(blue);
      }
    }
    return target;
  }

  /// Row by row of sources, so that memory is read in order.
  private static Bitmap down(Bitmap source, int height, Filter filter) {
    Contributions from = Contributions.of(filter, source.height(), height);
    Bitmap target = Bitmap.black(source.width(), height);
    int rowBytes = source.width() * 3;
    byte[] in = source.rgb();
    byte[] out = target.rgb();
    var sums = new int[rowBytes];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < from.counts()[y]; k++) {
        int weight = from.weights()[y * from.stride() + k];
        int row = (from.starts()[y] + k) * rowBytes;
        for (int i = 0; i < rowBytes; i++) {
          sums[i] += (in[row + i] & 255) * weight;
        }
      }
      for (int i = 0; i < rowBytes; i++) {
        out[y * rowBytes + i] = clip(sums[i]);
      }
    }
    return target;
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> Contributions.FRACTION_BITS, 0, 255);
  }
}
