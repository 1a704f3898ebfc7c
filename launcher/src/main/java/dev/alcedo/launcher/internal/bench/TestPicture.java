// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/// Pictures of noise in Windows' bitmap format, which takes no time to decode.
final class TestPicture {
  private static final int HEADER_BYTES = 54;
  private static final int INFO_BYTES = 40;

  private TestPicture() {}

  /// Other numbers give other pictures.
  ///
  /// @throws InvalidRequestException if the size is out of range
  static byte[] of(BenchPlan.PictureSize size, long number) {
    int width = size.width();
    int height = size.height();
    if (width < 1 || height < 1 || (long) width * height > 8_000_000) {
      throw new InvalidRequestException(
          "--image-size: expected at least 1x1 and at most 8 megapixels, got %dx%d"
              .formatted(width, height));
    }
    int rowBytes = Math.ceilDiv(3 * width, 4) * 4;
    var pixels = new byte[rowBytes * height];
    new Random(number).nextBytes(pixels);
    return ByteBuffer.allocate(HEADER_BYTES + pixels.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'B')
        .put((byte) 'M')
        .putInt(HEADER_BYTES + pixels.length)
        .putInt(0)
        .putInt(HEADER_BYTES)
        .putInt(INFO_BYTES)
        .putInt(width)
        .putInt(height)
        .putShort((short) 1) // planes
        .putShort((short) 24) // bits of a pixel
        .putInt(0) // not compressed
        .putInt(pixels.length)
        .putInt(0)
        .putInt(0)
        .putInt(0)
        .putInt(0)
        .put(pixels)
        .array();
  }
}
