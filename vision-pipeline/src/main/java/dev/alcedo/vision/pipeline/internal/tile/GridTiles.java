// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.ArrayList;
import java.util.List;

/// Cuts a picture of a grid's size into its tiles.
public final class GridTiles {
  private GridTiles() {}

  /// The tiles of `whole` row by row.
  ///
  /// @param whole of `grid` times `tileSize` pixels
  /// @param tileSize pixels of a tile's side
  public static List<Bitmap> cut(Bitmap whole, TileGrid grid, int tileSize) {
    var tiles = new ArrayList<Bitmap>(grid.tileCount());
    for (int row = 0; row < grid.rows(); row++) {
      for (int col = 0; col < grid.cols(); col++) {
        tiles.add(tile(whole, col * tileSize, row * tileSize, tileSize));
      }
    }
    return tiles;
  }

  private static Bitmap tile(Bitmap whole, int left, int top, int tileSize) {
    Bitmap tile = Bitmap.black(tileSize, tileSize);
    int rowBytes = tileSize * 3;
    for (int y = 0; y < tileSize; y++) {
      System.arraycopy(
          whole.rgb(), ((top + y) * whole.width() + left) * 3, tile.rgb(), y * rowBytes, rowBytes);
    }
    return tile;
  }
}
