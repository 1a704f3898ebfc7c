// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.projector.PoolNormLinear;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;

/// Encoders for Gemma 3 (arXiv 2503.19786): SigLIP tower, means over squares of patches, one tile,
/// whose image tokens see each other in both directions.
public final class Gemma3EncoderProvider extends TileEncoderProvider {
  private static final int SCALE_FACTOR_DEFAULT = 4;
  private static final Markers MARKERS = new Markers("<start_of_image>", "<end_of_image>");

  /// For ServiceLoader.
  public Gemma3EncoderProvider() {
    super(KnownProjectors.GEMMA3);
  }

  @Override
  TowerStyle style(TowerConfig config, Metadata mmproj) {
    return TowerStyle.SIGLIP;
  }

  @Override
  int outputLength(EncoderContext context) {
    return context.mmproj().tensor(ClipNames.INPUT_PROJECTION).shape().cols();
  }

  @Override
  Projector projector(EncoderContext context, VisionTower tower) {
    TowerConfig config = tower.config();
    int scaleFactor = scaleFactor(context.mmproj().metadata(), config, SCALE_FACTOR_DEFAULT);
    return new PoolNormLinear(config, scaleFactor, context.embeddingLength(), context.mmproj());
  }

  @Override
  TilePlan plan(EncoderContext context, TowerConfig config, int tileCountMax) {
    return new WholeTilePlan(
        Fitting.padded(Filter.BILINEAR, 0, 0, 0), config.imageSize(), MARKERS, true);
  }
}
