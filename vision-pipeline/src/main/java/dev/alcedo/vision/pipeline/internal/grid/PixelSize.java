// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

/// Sides of a picture.
///
/// @param width pixels, at least 1
/// @param height pixels, at least 1
public record PixelSize(int width, int height) {
  /// Checks the range.
  ///
  /// @throws IllegalArgumentException if a side is below 1
  public PixelSize {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "picture size: expected sides of at least 1, got %dx%d".formatted(width, height));
    }
  }

  /// The whole patches in it.
  public PatchGrid patches(int patchSize) {
    return new PatchGrid(width / patchSize, height / patchSize);
  }
}
