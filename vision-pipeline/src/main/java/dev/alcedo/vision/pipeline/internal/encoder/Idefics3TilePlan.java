// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens.Part;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Resizer;
import dev.alcedo.vision.pipeline.internal.tile.GridTiles;
import dev.alcedo.vision.pipeline.internal.tile.LongestEdgeRule;
import dev.alcedo.vision.pipeline.internal.tile.OverviewLast;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.util.ArrayList;
import java.util.List;

/// The tiles row by row, each behind a marker that names its place, a line break between rows; then
/// the overview (Idefics 3, SmolVLM). With tiling off, the overview alone.
///
/// The picture is resampled twice, to the size that [LongestEdgeRule] says and then, stretched, to
/// whole tiles; the overview is made of the latter. That is what `Idefics3ImageProcessor` does.
/// Files without a longest edge, made before there was a key for it, are cut as [OverviewLast]
/// says.
///
/// @param rule picks the grid; a 1:1 grid is a tile besides the overview
/// @param isTiled whether there are tiles besides the overview
record Idefics3TilePlan(LongestEdgeRule rule, boolean isTiled) implements TilePlan {
  private static final String AROUND = "<fake_token_around_image>";

  @Override
  public TileLayout layout(int width, int height) {
    return isTiled
        ? new TileLayout(rule.choose(width, height), true)
        : new TileLayout(TileGrid.SINGLE, false);
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, TileLayout layout) {
    int size = rule.tileSize();
    if (rule.longestEdge() == LongestEdgeRule.NONE) {
      return OverviewLast.cut(picture, layout, size);
    }
    TileGrid grid = layout.grid();
    LongestEdgeRule.Size scaled = rule.scaled(picture.width(), picture.height());
    Bitmap whole = Resizer.resize(picture, scaled.width(), scaled.height(), Filter.LANCZOS);
    whole = Resizer.resize(whole, grid.cols() * size, grid.rows() * size, Filter.LANCZOS);
    var all = new ArrayList<Bitmap>(layout.tileCount());
    if (layout.hasOverview()) {
      all.addAll(GridTiles.cut(whole, grid, size));
    }
    all.add(Resizer.resize(whole, size, size, Filter.LANCZOS));
    return all;
  }

  @Override
  public List<Part> parts(TileLayout layout, int tokensPerTile) {
    var parts = new ArrayList<Part>();
    int next = 0;
    if (layout.hasOverview()) {
      TileGrid grid = layout.grid();
      for (int row = 1; row <= grid.rows(); row++) {
        for (int col = 1; col <= grid.cols(); col++) {
          parts.add(new Part.Marker("%s<row_%d_col_%d>".formatted(AROUND, row, col)));
          parts.add(new Part.Span(next, tokensPerTile));
          next += tokensPerTile;
        }
        if (row < grid.rows()) {
          parts.add(new Part.Piece("\n"));
        }
      }
    }
    parts.add(new Part.Piece("\n\n"));
    parts.add(new Part.Piece(AROUND));
    parts.add(new Part.Piece("<global-img>"));
    parts.add(new Part.Span(next, tokensPerTile));
    parts.add(new Part.Piece(AROUND));
    return parts;
  }
}
