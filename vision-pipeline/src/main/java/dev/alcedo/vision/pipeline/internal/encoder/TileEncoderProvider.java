// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;

/// What providers for towers that see tiles of one size share: the order in which a file is read
/// and checked. Subclasses say what a model is made of.
abstract class TileEncoderProvider implements EncoderProvider {
  /// Patches along a side that become one image token at most.
  static final int SCALE_FACTOR_MAX = 16;

  private final String id;

  TileEncoderProvider(String id) {
    this.id = id;
  }

  /// What the tower's tensors do not say.
  abstract TowerStyle style(TowerConfig config, Metadata mmproj);

  /// Columns of an image token that the file gives.
  abstract int outputLength(EncoderContext context);

  /// The projector behind `tower`.
  abstract Projector projector(EncoderContext context, VisionTower tower);

  /// How pictures are cut.
  abstract TilePlan plan(EncoderContext context, TowerConfig config);

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final Support supports(Metadata mmproj) {
    return KnownProjectors.supports(mmproj, id);
  }

  @Override
  public final Encoder open(EncoderContext context) {
    Metadata mmproj = context.mmproj().metadata();
    if (supports(mmproj) instanceof Support.Unsupported(String why)) {
      throw new UnsupportedModelException("%s: %s".formatted(mmproj.source(), why));
    }
    TowerConfig config = TowerConfig.of(mmproj);
    int outputLength = outputLength(context);
    if (outputLength != context.embeddingLength()) {
      throw new UnsupportedModelException(
          "%s: makes image tokens of %d columns, the text model has %d: this mmproj file belongs to another model"
              .formatted(mmproj.source(), outputLength, context.embeddingLength()));
    }
    var tower = new VisionTower(config, style(config, mmproj), context.mmproj());
    Projector projector = projector(context, tower);
    return TileEncoder.open(id, context, tower, projector, plan(context, config));
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
