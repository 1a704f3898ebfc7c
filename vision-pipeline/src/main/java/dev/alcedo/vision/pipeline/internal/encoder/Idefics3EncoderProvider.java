// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.projector.ShuffleLinear;
import dev.alcedo.vision.pipeline.internal.tile.LongestEdgeRule;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;

/// Encoders for Idefics 3, SmolVLM and SmolVLM 2 (arXiv 2408.12637, 2504.05299): SigLIP tower,
/// pixel shuffle, one matrix; overview and tiles, each with a marker of its own.
public final class Idefics3EncoderProvider extends TileEncoderProvider {
  /// For ServiceLoader.
  public Idefics3EncoderProvider() {
    super(KnownProjectors.IDEFICS3);
  }

  @Override
  TowerStyle style(TowerConfig config, Metadata mmproj) {
    return TowerStyle.SIGLIP;
  }

  @Override
  int outputLength(EncoderContext context) {
    return context.mmproj().tensor(ClipNames.PROJECTOR_FC + ".weight").shape().dim(0);
  }

  @Override
  Projector projector(EncoderContext context, VisionTower tower) {
    TowerConfig config = tower.config();
    int scaleFactor = scaleFactor(context.mmproj().metadata(), config);
    return new ShuffleLinear(config, scaleFactor, context.embeddingLength(), context.mmproj());
  }

  @Override
  TilePlan plan(EncoderContext context, TowerConfig config, int tileCountMax) {
    Metadata mmproj = context.mmproj().metadata();
    int size = config.imageSize();
    int longestEdge =
        mmproj.integer(
            ClipNames.PREPROC_IMAGE_SIZE, 1, size * TileGrid.SIDE_MAX, LongestEdgeRule.NONE);
    int sideMax =
        longestEdge == LongestEdgeRule.NONE ? TileGrid.SIDE_MAX : Math.ceilDiv(longestEdge, size);
    if (!context.imageOptions().gridMax().isOfModel()) {
      sideMax = Math.min(sideMax, context.imageOptions().gridMax().side());
    }
    TileBudget.check(mmproj, ClipNames.PREPROC_IMAGE_SIZE, size, sideMax * sideMax);
    return new Idefics3TilePlan(
        new LongestEdgeRule(longestEdge, size, sideMax), context.imageOptions().isTiled());
  }
}
