// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import java.util.ArrayList;
import java.util.List;

/// How llama.cpp cuts for models that say nothing else: for the tiles the picture keeps its aspect
/// ratio, in the middle of a black canvas; for the overview, which comes last, it is stretched;
/// both with the bicubic filter.
public final class OverviewLast {
  private static final Fitting CANVAS = Fitting.padded(Filter.BICUBIC, 0, 0, 0);
  private static final Fitting OVERVIEW = Fitting.stretched(Filter.BICUBIC);

  private OverviewLast() {}

  /// The tiles of `picture` row by row, then the overview; the overview alone if `layout` has no
  /// other.
  ///
  /// @param tileSize pixels of a tile's side
  public static List<Bitmap> cut(Bitmap picture, TileLayout layout, int tileSize) {
    Bitmap overview = OVERVIEW.fit(picture, tileSize, tileSize);
    if (!layout.hasOverview()) {
      return List.of(overview);
    }
    TileGrid grid = layout.grid();
    Bitmap whole = CANVAS.fit(picture, grid.cols() * tileSize, grid.rows() * tileSize);
    var all = new ArrayList<>(GridTiles.cut(whole, grid, tileSize));
    all.add(overview);
    return all;
  }
}
