// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.grid.SmartResize;
import dev.alcedo.vision.pipeline.internal.projector.PatchMerger;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.QwenTower;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;

/// What the encoders of Qwen2-VL and Qwen2.5-VL share.
final class QwenEncoders {
  /// Patches along a side of an image token; the towers are built for this number.
  private static final int MERGE = 2;

  /// Image tokens of a picture, as llama.cpp limits them (the models' own processors: 4 to 16384).
  private static final int TOKEN_COUNT_MIN = 8;

  private static final int TOKEN_COUNT_MAX = 4096;

  /// Pixels along a side of a window, in all models of the family.
  private static final int WINDOW_SIZE = 112;

  /// Pictures of so many tokens stay below 64 million pixels.
  private static final int PATCH_SIZE_MAX = 56;

  private static final int FULL_PATTERN_MAX = 512;

  private QwenEncoders() {}

  /// Opens the encoder `id` whose blocks have norms of kind `norm`.
  static Encoder open(String id, EncoderContext context, TowerStyle.Norm norm) {
    Metadata mmproj = context.mmproj().metadata();
    if (KnownProjectors.supports(mmproj, id) instanceof Support.Unsupported(String why)) {
      throw new UnsupportedModelException("%s: %s".formatted(mmproj.source(), why));
    }
    TowerConfig config = TowerConfig.of(mmproj);
    KnownProjectors.checkFits(mmproj, context.embeddingLength());
    int patchSize = mmproj.integer(ClipNames.PATCH_SIZE, 1, PATCH_SIZE_MAX);
    int merge = mmproj.integer(ClipNames.SPATIAL_MERGE_SIZE, MERGE, MERGE, MERGE);
    var tower = new QwenTower(config, norm, fullPattern(mmproj, norm), context.mmproj());
    var merger =
        new PatchMerger(
            config.embeddingLength(), merge, context.embeddingLength(), context.mmproj());
    var model = new QwenModel(tower, merger, WINDOW_SIZE / patchSize / merge);
    int align = patchSize * merge;
    int area = align * align;
    var rule = new SmartResize(align, TOKEN_COUNT_MIN * area, TOKEN_COUNT_MAX * area);
    return GridEncoder.open(id, context, model, new QwenPlan(rule));
  }

  /// @throws ModelFormatException if Qwen2.5-VL's file does not say
  private static int fullPattern(Metadata mmproj, TowerStyle.Norm norm) {
    return norm == TowerStyle.Norm.RMS
        ? Math.max(1, mmproj.integer(ClipNames.FULL_PATTERN, 0, FULL_PATTERN_MAX))
        : Math.max(1, mmproj.integer(ClipNames.FULL_PATTERN, 0, FULL_PATTERN_MAX, 0));
  }
}
