// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.grid.SmartResize;
import dev.alcedo.vision.pipeline.internal.projector.PatchMerger;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.QwenTower;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;

/// What the encoders of Qwen2-VL and Qwen2.5-VL share.
abstract class QwenEncoderProvider extends GridEncoderProvider {
  /// Patches along a side of an image token; files that say another number are not known.
  private static final int MERGE = 2;

  /// Image tokens of a picture, as llama.cpp limits them (the models' own processors: 4 to 16384).
  private static final int TOKEN_COUNT_MIN = 8;

  private static final int TOKEN_COUNT_MAX = 4096;

  /// Pixels along a side of a window, in all models of the family.
  private static final int WINDOW_SIZE = 112;

  /// A window has room for an image token; the largest pictures stay within 52 million pixels.
  private static final int PATCH_SIZE_MAX = WINDOW_SIZE / MERGE;

  private static final int FULL_PATTERN_MAX = 512;

  /// Image tokens that a file may ask for: the processors' own limit.
  private static final int TOKEN_COUNT_LIMIT = 16_384;

  private final TowerStyle.Norm norm;

  /// @param norm of the tower's norms
  QwenEncoderProvider(String id, TowerStyle.Norm norm) {
    super(id);
    this.norm = norm;
  }

  @Override
  int outputLength(EncoderContext context) {
    return context.mmproj().tensor(PatchMerger.OUTPUT + ".weight").shape().dim(0);
  }

  @Override
  GridModel model(EncoderContext context, TowerConfig config) {
    Metadata mmproj = context.mmproj().metadata();
    int patchSize = mmproj.integer(ClipNames.PATCH_SIZE, 1, PATCH_SIZE_MAX);
    int merge = mmproj.integer(ClipNames.SPATIAL_MERGE_SIZE, MERGE, MERGE, MERGE);
    var tower = new QwenTower(config, norm, fullPattern(mmproj), context.mmproj());
    var merger =
        new PatchMerger(
            config.embeddingLength(), merge, context.embeddingLength(), context.mmproj());
    return new QwenModel(tower, merger, WINDOW_SIZE / patchSize / merge);
  }

  /// Qwen2.5-VL's files must say; Qwen2-VL has no windows.
  private int fullPattern(Metadata mmproj) {
    return norm == TowerStyle.Norm.RMS
        ? Math.max(1, mmproj.integer(ClipNames.FULL_PATTERN, 0, FULL_PATTERN_MAX))
        : 1;
  }

  /// Files may set other limits than the family's.
  @Override
  GridPlan plan(EncoderContext context, TowerConfig config) {
    Metadata mmproj = context.mmproj().metadata();
    int align = config.patchSize() * MERGE;
    int area = align * align;
    int max =
        pixels(
            mmproj, ClipNames.IMAGE_MAX_PIXELS, TOKEN_COUNT_LIMIT * area, TOKEN_COUNT_MAX * area);
    int min = pixels(mmproj, ClipNames.IMAGE_MIN_PIXELS, max, TOKEN_COUNT_MIN * area);
    return new QwenPlan(new SmartResize(align, min, max));
  }

  private static int pixels(Metadata mmproj, String key, int max, int fallback) {
    int pixels = mmproj.integer(key, 0, max, 0);
    return pixels == 0 ? fallback : pixels;
  }
}
