// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;
import java.util.Arrays;

/// The three kinds of picture data in a WebP file. Sizes come from headers that were checked
/// before; the data itself is not trusted.
public final class Webp {
  private static final int ALPHA_HEADER_BYTES = 1;

  private Webp() {}

  /// A VP8 chunk's frame as RGB, three bytes a pixel.
  ///
  /// @throws IOException if it is broken; broken data may also end in an unchecked exception
  public static byte[] lossy(byte[] image, int offset, int length, int width, int height)
      throws IOException {
    var rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    Vp8Frame.toRgb(image, offset, length, width, height, rgb);
    return rgb;
  }

  /// A VP8L chunk's pixels, ARGB.
  ///
  /// @throws IOException if it is broken; broken data may also end in an unchecked exception
  public static int[] lossless(byte[] image, int offset, int length, int width, int height)
      throws IOException {
    return Lossless.picture(image, offset, length, width, height);
  }

  /// An ALPH chunk's plane, one byte a pixel (RFC 9649, section 2.7.1.2).
  ///
  /// @throws IOException if it is broken; broken data may also end in an unchecked exception
  public static byte[] alpha(byte[] image, int offset, int length, int width, int height)
      throws IOException {
    int info = image[offset] & 255;
    int start = offset + ALPHA_HEADER_BYTES;
    int bytes = length - ALPHA_HEADER_BYTES;
    byte[] plane =
        switch (info & 3) {
          case 0 -> plain(image, start, bytes, width * height);
          case 1 -> packed(new BitReader(image, start, bytes), width, height);
          default -> throw new IOException("unknown alpha compression");
        };
    AlphaFilter.undo(info >> 2 & 3, plane, width, height);
    return plane;
  }

  private static byte[] plain(byte[] image, int start, int length, int pixelCount)
      throws IOException {
    if (length < pixelCount) {
      throw new IOException("alpha: expected %d bytes, got %d".formatted(pixelCount, length));
    }
    return Arrays.copyOfRange(image, start, start + pixelCount);
  }

  /// Compressed like a lossless picture, in whose green it is.
  private static byte[] packed(BitReader in, int width, int height) throws IOException {
    int[] pixels = Lossless.stream(in, width, height);
    var plane = new byte[pixels.length];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = (byte) (pixels[i] >> 8);
    }
    return plane;
  }
}
