// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.projector.DownsampleMlp;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;

/// Encoders for BlueLM-V-3B's architecture (arXiv 2411.10640): SigLIP tower, 2x2 downsampler,
/// two-layer projector, tiles by relaxed aspect-ratio matching.
public final class BluelmvEncoderProvider extends TileEncoderProvider {
  private static final int SCALE_FACTOR_DEFAULT = 2;
  private static final int LENGTH_MAX = 1 << 16;

  /// For ServiceLoader.
  public BluelmvEncoderProvider() {
    super(KnownProjectors.BLUELMV);
  }

  @Override
  TowerStyle style(TowerConfig config, Metadata mmproj) {
    return TowerStyle.SIGLIP;
  }

  @Override
  int outputLength(EncoderContext context) {
    return context.mmproj().metadata().integer(ClipNames.PROJECTION_DIM, 1, LENGTH_MAX);
  }

  @Override
  Projector projector(EncoderContext context, VisionTower tower) {
    int scaleFactor =
        context
            .mmproj()
            .metadata()
            .integer(ClipNames.SCALE_FACTOR, 1, SCALE_FACTOR_MAX, SCALE_FACTOR_DEFAULT);
    return new DownsampleMlp(
        tower.config(), scaleFactor, context.embeddingLength(), context.mmproj());
  }

  @Override
  TilePlan plan(EncoderContext context, TowerConfig config, int tileCountMax) {
    return BluelmvTilePlan.of(
        context.mmproj().metadata(), config.imageSize(), context.imageOptions(), tileCountMax);
  }
}
