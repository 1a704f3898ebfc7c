// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

/// A decoded picture: RGB, 8 bits each. Whoever made it may still write the array; treated as
/// immutable from then on.
///
/// @param width pixels, at least 1
/// @param height pixels, at least 1
/// @param rgb `[height, width, 3]` row-major, unsigned bytes
public record Bitmap(int width, int height, byte[] rgb) {
  /// Checks the size.
  ///
  /// @throws IllegalArgumentException if a side is below 1 or the array has another length
  public Bitmap {
    if (width < 1 || height < 1 || rgb.length != byteCount(width, height)) {
      throw new IllegalArgumentException(
          "bitmap %dx%d: expected sides of at least 1 and 3 bytes a pixel, got %d bytes"
              .formatted(width, height, rgb.length));
    }
  }

  /// A bitmap of zeros.
  ///
  /// @throws ArithmeticException if it needs more than 2^31 - 1 bytes
  public static Bitmap black(int width, int height) {
    return new Bitmap(width, height, new byte[byteCount(width, height)]);
  }

  /// The part of `partWidth` x `partHeight` pixels whose upper left corner is at (`left`, `top`),
  /// copied.
  ///
  /// @throws IndexOutOfBoundsException if it is not within this bitmap
  public Bitmap part(int left, int top, int partWidth, int partHeight) {
    Bitmap part = black(partWidth, partHeight);
    for (int y = 0; y < partHeight; y++) {
      System.arraycopy(
          rgb, ((top + y) * width + left) * 3, part.rgb, y * partWidth * 3, partWidth * 3);
    }
    return part;
  }

  /// Bytes of a bitmap of this size.
  ///
  /// @throws ArithmeticException if these are more than 2^31 - 1
  public static int byteCount(int width, int height) {
    return Math.multiplyExact(Math.multiplyExact(width, height), 3);
  }
}
