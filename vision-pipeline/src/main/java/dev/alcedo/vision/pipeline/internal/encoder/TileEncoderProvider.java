// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;

/// What providers for towers that see tiles of one size share. Subclasses say what a model is made
/// of.
abstract class TileEncoderProvider extends MmprojEncoderProvider {
  /// Patches along a side that become one image token at most.
  static final int SCALE_FACTOR_MAX = 16;

  /// More tiles than any grid has.
  private static final int TILE_COUNT_MAX = 1 << 20;

  TileEncoderProvider(String id) {
    super(id);
  }

  /// What the tower's tensors do not say.
  abstract TowerStyle style(TowerConfig config, Metadata mmproj);

  /// The projector behind `tower`.
  abstract Projector projector(EncoderContext context, VisionTower tower);

  /// How pictures are cut.
  ///
  /// @param tileCountMax tiles of a picture that the user's limit of image tokens leaves, 0 or
  ///   more; a plan that cannot keep to it is refused later, picture by picture
  abstract TilePlan plan(EncoderContext context, TowerConfig config, int tileCountMax);

  @Override
  final Encoder open(EncoderContext context, TowerConfig config) {
    var tower =
        new VisionTower(config, style(config, context.mmproj().metadata()), context.mmproj());
    Projector projector = projector(context, tower);
    int tokensMax = context.imageOptions().tokensMax();
    int tileCountMax = tokensMax == 0 ? TILE_COUNT_MAX : tokensMax / projector.tokensPerTile();
    return TileEncoder.open(id(), context, tower, projector, plan(context, config, tileCountMax));
  }

  /// Patches along a side that become one image token, which must divide a tile's.
  static int scaleFactor(Metadata mmproj, TowerConfig config) {
    return dividing(mmproj, config, mmproj.integer(ClipNames.SCALE_FACTOR, 1, SCALE_FACTOR_MAX));
  }

  /// The same where the file may be silent.
  static int scaleFactor(Metadata mmproj, TowerConfig config, int fallback) {
    return dividing(
        mmproj, config, mmproj.integer(ClipNames.SCALE_FACTOR, 1, SCALE_FACTOR_MAX, fallback));
  }

  private static int dividing(Metadata mmproj, TowerConfig config, int scaleFactor) {
    if (config.patchesPerSide() % scaleFactor != 0) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected a divisor of the %d patches along a tile's side, got %d"
              .formatted(
                  mmproj.source(), ClipNames.SCALE_FACTOR, config.patchesPerSide(), scaleFactor));
    }
    return scaleFactor;
  }
}
