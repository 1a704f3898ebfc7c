// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tile.GridRule;
import dev.alcedo.vision.pipeline.internal.tile.OverviewLast;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.util.List;

/// The tiles row by row, then the overview, all image tokens in one run (LLaVA 1.6, InternVL). A
/// picture that is no larger than a tile is its overview alone; any is when tiling is off.
///
/// @param rule picks the grid; a 1:1 grid is a tile besides the overview
/// @param isTiled whether larger pictures are cut
/// @param tileSize pixels of a tile's side
/// @param markers around the image tokens
record OverviewLastPlan(GridRule rule, boolean isTiled, int tileSize, Markers markers)
    implements TilePlan {
  @Override
  public TileLayout layout(int width, int height) {
    boolean isLarge = width > tileSize || height > tileSize;
    return isTiled && isLarge
        ? new TileLayout(rule.choose(width, height), true)
        : new TileLayout(TileGrid.SINGLE, false);
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, TileLayout layout) {
    return OverviewLast.cut(picture, layout, tileSize);
  }

  @Override
  public List<ImageTokens.Part> parts(TileLayout layout, int tokensPerTile) {
    return markers.around(new ImageTokens.Part.Span(0, layout.tileCount() * tokensPerTile));
  }
}
