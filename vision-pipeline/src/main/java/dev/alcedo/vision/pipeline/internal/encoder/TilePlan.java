// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.util.List;
import java.util.Map;

/// What differs between models that see a picture as tiles of one size: which tiles, and how their
/// image tokens stand in the prompt. Immutable; any thread.
interface TilePlan {
  /// The layout for a picture of `width` x `height` pixels.
  TileLayout layout(int width, int height);

  /// What other tiling rules would have laid out, where the model leaves the rule to the user.
  default Map<TileRule, TileLayout> otherLayouts(int width, int height) {
    return Map.of();
  }

  /// The tiles, all of the tower's image size, in the order in which they are encoded.
  List<Bitmap> cut(Bitmap picture, TileLayout layout);

  /// Embeddings and markers in prompt order.
  ///
  /// @param tokensPerTile embeddings that each tile gives
  List<ImageTokens.Part> parts(TileLayout layout, int tokensPerTile);

  /// Whether the image tokens of a tile see each other in both directions.
  default boolean isBidirectional() {
    return false;
  }
}
