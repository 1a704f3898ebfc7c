// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

/// What a picture becomes: its tile grid, and whether the whole is shown in one more tile.
///
/// @param grid of the tiles
/// @param hasOverview whether an overview precedes the tiles
public record TileLayout(TileGrid grid, boolean hasOverview) {
  /// One tile that shows everything needs no overview.
  public static TileLayout of(TileGrid grid) {
    return new TileLayout(grid, !grid.equals(TileGrid.SINGLE));
  }

  /// Tiles in all, overview included.
  public int tileCount() {
    return grid.tileCount() + (hasOverview ? 1 : 0);
  }
}
