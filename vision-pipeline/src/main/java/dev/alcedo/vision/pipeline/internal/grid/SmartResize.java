// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

/// Qwen2-VL's rule for the size of a picture (`smart_resize` of its processor): sides are rounded
/// to multiples of `align`, and scaled with the aspect ratio kept where that makes too many or too
/// few pixels. In float as llama.cpp computes it, where the processor has double: the two differ
/// only where a side falls on the border between two multiples.
///
/// @param align pixels that sides are multiples of
/// @param pixelsMin pixels in all at least
/// @param pixelsMax pixels in all at most; a very thin picture may have more, as no side is below
///   `align`
public record SmartResize(int align, int pixelsMin, int pixelsMax) {
  /// The size for a picture of `width` x `height` pixels.
  public PixelSize choose(int width, int height) {
    int alignedWidth = Math.max(align, Math.round((float) width / align) * align);
    int alignedHeight = Math.max(align, Math.round((float) height / align) * align);
    long pixels = (long) alignedWidth * alignedHeight;
    if (pixels > pixelsMax) {
      float shrink = (float) Math.sqrt((float) height * width / pixelsMax);
      return new PixelSize(
          Math.max(align, floor(width / shrink)), Math.max(align, floor(height / shrink)));
    }
    if (pixels < pixelsMin) {
      float grow = (float) Math.sqrt(pixelsMin / ((float) height * width));
      return new PixelSize(ceil(width * grow), ceil(height * grow));
    }
    return new PixelSize(alignedWidth, alignedHeight);
  }

  private int floor(float pixels) {
    return (int) Math.floor(pixels / align) * align;
  }

  private int ceil(float pixels) {
    return (int) Math.ceil(pixels / align) * align;
  }
}
