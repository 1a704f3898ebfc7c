// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.util.List;

/// Every picture is one tile (LLaVA 1.5, Gemma 3).
///
/// @param fitting how it is brought to the tile's size
/// @param tileSize pixels of the tile's side
/// @param markers around the image tokens
/// @param isBidirectional whether the image tokens see each other in both directions
record WholeTilePlan(Fitting fitting, int tileSize, Markers markers, boolean isBidirectional)
    implements TilePlan {
  @Override
  public TileLayout layout(int width, int height) {
    return TileLayout.of(TileGrid.SINGLE);
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, TileLayout layout) {
    return List.of(fitting.fit(picture, tileSize, tileSize));
  }

  @Override
  public List<ImageTokens.Part> parts(TileLayout layout, int tokensPerTile) {
    return markers.around(new ImageTokens.Part.Span(0, tokensPerTile, 0, isBidirectional));
  }
}
