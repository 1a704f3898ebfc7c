// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import dev.alcedo.vision.pipeline.internal.tile.GridRule;
import dev.alcedo.vision.pipeline.internal.tile.GridTiles;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.util.ArrayList;
import java.util.List;

/// The tiles row by row, then the overview, all image tokens in one run (LLaVA 1.6, InternVL). A
/// picture that is no larger than a tile is its overview alone; any is when tiling is off.
///
/// For the tiles the picture keeps its aspect ratio, in the middle of a black canvas; for the
/// overview it is stretched.
///
/// @param rule picks the grid; a 1:1 grid is a tile besides the overview
/// @param isTiled whether larger pictures are cut
/// @param tileSize pixels of a tile's side
/// @param markers around the image tokens
record OverviewLastPlan(GridRule rule, boolean isTiled, int tileSize, Markers markers)
    implements TilePlan {
  private static final Fitting CANVAS = Fitting.padded(Filter.BICUBIC, 0, 0, 0);
  private static final Fitting OVERVIEW = Fitting.stretched(Filter.BICUBIC);

  @Override
  public TileLayout layout(int width, int height) {
    boolean isLarge = width > tileSize || height > tileSize;
    return isTiled && isLarge
        ? new TileLayout(rule.choose(width, height), true)
        : new TileLayout(TileGrid.SINGLE, false);
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, TileLayout layout) {
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

  @Override
  public List<ImageTokens.Part> parts(TileLayout layout, int tokensPerTile) {
    return markers.around(new ImageTokens.Part.Span(0, layout.tileCount() * tokensPerTile));
  }
}
