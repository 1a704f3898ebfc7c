// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Resizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts a picture into tiles: scaled to fit the grid's canvas with its aspect ratio kept (Pillow
/// bicubic), pasted in the middle, the rest of the canvas in one colour. Immutable; any thread.
///
/// @param tileSize pixels of a tile's side
/// @param padColour red, green, blue, 0 to 255
public record TileCutter(int tileSize, int[] padColour) {
  /// Copies the colour.
  public TileCutter {
    padColour = padColour.clone();
  }

  /// The tiles of `picture`: the overview first if there is one, then the grid row by row.
  public List<Bitmap> cut(Bitmap picture, TileLayout layout) {
    var tiles = new ArrayList<Bitmap>(layout.tileCount());
    if (layout.hasOverview()) {
      tiles.add(Resizer.resize(picture, tileSize, tileSize, Filter.BICUBIC));
    }
    TileGrid grid = layout.grid();
    Fit fit = Fit.of(grid, tileSize, picture.width(), picture.height());
    Bitmap scaled =
        Resizer.resize(
            picture, Math.max(1, fit.width()), Math.max(1, fit.height()), Filter.BICUBIC);
    int left = (grid.cols() * tileSize - scaled.width()) / 2;
    int top = (grid.rows() * tileSize - scaled.height()) / 2;
    for (int row = 0; row < grid.rows(); row++) {
      for (int col = 0; col < grid.cols(); col++) {
        tiles.add(tile(scaled, col * tileSize - left, row * tileSize - top));
      }
    }
    return tiles;
  }

  /// The tile whose upper left corner is at (`left`, `top`) of `scaled`, which may lie outside.
  private Bitmap tile(Bitmap scaled, int left, int top) {
    Bitmap tile = Bitmap.black(tileSize, tileSize);
    int colStart = Math.clamp(left, 0, scaled.width());
    int colEnd = Math.clamp(left + (long) tileSize, 0, scaled.width());
    for (int y = 0; y < tileSize; y++) {
      int row = top + y;
      boolean isInside = row >= 0 && row < scaled.height() && colStart < colEnd;
      if (!isInside || colEnd - colStart < tileSize) {
        pad(tile, y);
      }
      if (isInside) {
        System.arraycopy(
            scaled.rgb(),
            (row * scaled.width() + colStart) * 3,
            tile.rgb(),
            (y * tileSize + colStart - left) * 3,
            (colEnd - colStart) * 3);
      }
    }
    return tile;
  }

  private void pad(Bitmap tile, int row) {
    int start = row * tileSize * 3;
    for (int x = 0; x < tileSize; x++) {
      for (int channel = 0; channel < 3; channel++) {
        tile.rgb()[start + x * 3 + channel] = (byte) padColour[channel];
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TileCutter cutter
        && tileSize == cutter.tileSize
        && Arrays.equals(padColour, cutter.padColour);
  }

  @Override
  public int hashCode() {
    return 31 * tileSize + Arrays.hashCode(padColour);
  }
}
