// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.util.Optional;

/// The file formats that are read, told apart by their first bytes, never by a name.
public enum ImageFormat {
  /// Portable Network Graphics (W3C, third edition).
  PNG,
  /// JPEG: baseline and progressive (ITU-T T.81).
  JPEG,
  /// Graphics Interchange Format, 87a and 89a.
  GIF,
  /// Windows bitmap.
  BMP,
  /// WebP, lossy and lossless (RFC 9649).
  WEBP;

  /// The format that `image` begins like, or empty.
  public static Optional<ImageFormat> of(byte[] image) {
    if (startsWith(image, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return Optional.of(PNG);
    }
    if (startsWith(image, 0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(JPEG);
    }
    if (startsWith(image, 0, 'G', 'I', 'F', '8', '7', 'a')
        || startsWith(image, 0, 'G', 'I', 'F', '8', '9', 'a')) {
      return Optional.of(GIF);
    }
    if (startsWith(image, 0, 'R', 'I', 'F', 'F') && startsWith(image, 8, 'W', 'E', 'B', 'P')) {
      return Optional.of(WEBP);
    }
    return startsWith(image, 0, 'B', 'M') ? Optional.of(BMP) : Optional.empty();
  }

  private static boolean startsWith(byte[] image, int offset, int... expected) {
    if (image.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((image[offset + i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
