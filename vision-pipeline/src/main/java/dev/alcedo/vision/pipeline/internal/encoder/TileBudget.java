// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;

/// Keeps the canvas that a file asks for within what a picture can be worth.
final class TileBudget {
  /// Pixels of all tiles of a picture at most: 200 MB, ten times what known models use.
  private static final long PIXELS_MAX = 1L << 26;

  private TileBudget() {}

  /// Checks the largest grid.
  ///
  /// @param key which says how large it is
  /// @throws ModelFormatException naming file, key, expected and got
  static void check(Metadata mmproj, String key, int tileSize, int tileCount) {
    long pixels = (long) tileSize * tileSize * tileCount;
    if (pixels > PIXELS_MAX) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected grids of at most %d pixels, got %d tiles of %d x %d"
              .formatted(mmproj.source(), key, PIXELS_MAX, tileCount, tileSize, tileSize));
    }
  }
}
