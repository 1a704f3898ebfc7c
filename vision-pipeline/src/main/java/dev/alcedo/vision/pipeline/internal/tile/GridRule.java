// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import dev.alcedo.runtime.api.ImageOptions;

/// Picks the tile grid of a picture. Immutable; any thread.
@FunctionalInterface
public interface GridRule {
  /// The grid for a picture of `width` x `height` pixels.
  ///
  /// @param width pixels, at least 1
  /// @param height pixels, at least 1
  TileGrid choose(int width, int height);

  /// A rule by its name.
  ///
  /// @param colsMax tiles across at most, 1 to [TileGrid#SIDE_MAX]
  /// @param rowsMax tiles down at most, 1 to [TileGrid#SIDE_MAX]
  /// @param tileCountMax tiles of a grid at most, 1 or more; grids of more are no candidates
  /// @param tileSize pixels of a tile's side
  /// @param alpha the relaxed rule's threshold; the others ignore it
  static GridRule of(
      ImageOptions.TileRule rule,
      int colsMax,
      int rowsMax,
      int tileCountMax,
      int tileSize,
      double alpha) {
    return switch (rule) {
      case RELAXED ->
          new RelaxedRule(
              GridCandidates.descending(colsMax, rowsMax, tileCountMax), tileSize, alpha);
      case LLAVA_NEXT ->
          new LlavaNextRule(GridCandidates.descending(colsMax, rowsMax, tileCountMax), tileSize);
      case INTERNVL ->
          new InternVlRule(
              GridCandidates.byTileCount(Math.min(colsMax * rowsMax, tileCountMax)), tileSize);
    };
  }
}
