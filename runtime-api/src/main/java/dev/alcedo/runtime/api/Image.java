// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.ImageReport;

/// A picture that was handed in. Encoding began at once; questions may come later. Any thread.
public interface Image {
  /// SHA-256 of the bytes that were handed in, in hex.
  String contentHash();

  /// Names the picture to its model, see [Model#prepared]: the same while the model keeps it, and
  /// not to be guessed. Letters, digits and `-`.
  String handle();

  /// Size, grid and tokens; known as soon as the header is read.
  ImageReport report();

  /// Whether the image tokens are there.
  boolean isEncoded();

  /// Waits until the picture is encoded.
  ///
  /// @return the report with the times that encoding took
  /// @throws VlmException if it could not be encoded
  ImageReport await();
}
