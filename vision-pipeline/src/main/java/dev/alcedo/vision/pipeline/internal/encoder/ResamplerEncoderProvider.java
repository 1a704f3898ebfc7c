// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.vision.pipeline.internal.grid.SliceRule;
import dev.alcedo.vision.pipeline.internal.projector.Resampler;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tower.BucketTower;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.util.Map;
import java.util.TreeMap;

/// Encoders for MiniCPM-V 2.5 and later (Yao et al., arXiv 2408.01800): SigLIP tower with position
/// buckets, resampler, LLaVA-UHD's tiles.
public final class ResamplerEncoderProvider extends GridEncoderProvider {
  /// Positions along a side of the tower's table, in all models of the family.
  private static final int POSITIONS_SIDE = 70;

  /// MiniCPM-V's own number, where the file has none.
  private static final int TILE_COUNT_DEFAULT = 9;

  private static final int TILE_COUNT_MAX = TileGrid.SIDE_MAX * TileGrid.SIDE_MAX;
  private static final int QUERY_COUNT_MAX = 4096;
  private static final int VERSION_OLDEST = 2;

  /// Values of [ClipNames#MINICPMV_VERSION]: 2 is MiniCPM-V 2.5, 3 is 2.6, 4 is MiniCPM-o 2.6, 5 is
  /// 4.0, 6 is MiniCPM-o 4.0 and 4.5, 100045 is 4.5.
  private static final Map<Integer, MiniCpmVPlan.Style> STYLES =
      new TreeMap<>(
          Map.of(
              2, MiniCpmVPlan.Style.ONE_SLICE,
              3, MiniCpmVPlan.Style.SLICES,
              4, MiniCpmVPlan.Style.SLICES,
              5, MiniCpmVPlan.Style.SLICES,
              6, MiniCpmVPlan.Style.SLICES,
              100_045, MiniCpmVPlan.Style.SLICES));

  /// For ServiceLoader.
  public ResamplerEncoderProvider() {
    super(KnownProjectors.RESAMPLER);
  }

  @Override
  int outputLength(EncoderContext context) {
    return context.mmproj().tensor(Resampler.OUTPUT + ".weight").shape().dim(0);
  }

  @Override
  GridModel model(EncoderContext context, TowerConfig config) {
    ModelFile mmproj = context.mmproj();
    int length = queryLength(mmproj);
    int queryCount = queryCount(mmproj.metadata());
    var resampler = new Resampler(config, queryCount, length, context.embeddingLength(), mmproj);
    resampler.queries(); // checks that there are as many
    return new MiniCpmVModel(new BucketTower(config, POSITIONS_SIDE, mmproj), resampler);
  }

  private static int queryLength(ModelFile mmproj) {
    Shape shape = mmproj.tensor(Resampler.QUERY).shape();
    if (shape.rank() != 2 || shape.cols() % Resampler.HEAD_LENGTH != 0) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected rows of a multiple of %d columns, got shape %s"
              .formatted(
                  mmproj.metadata().source(), Resampler.QUERY, Resampler.HEAD_LENGTH, shape));
    }
    return shape.cols();
  }

  private static int queryCount(Metadata mmproj) {
    int fallback = version(mmproj) == VERSION_OLDEST ? 96 : 64;
    int count = mmproj.integer(ClipNames.MINICPMV_QUERY_NUM, 0, QUERY_COUNT_MAX, 0);
    return count == 0 ? fallback : count;
  }

  /// Missing or 0 in the oldest files.
  private static int version(Metadata mmproj) {
    int version = mmproj.integer(ClipNames.MINICPMV_VERSION, 0, Integer.MAX_VALUE, 0);
    if (version != 0 && !STYLES.containsKey(version)) {
      throw new UnsupportedModelException(
          "%s: metadata key '%s': version %d is not supported; known: %s"
              .formatted(mmproj.source(), ClipNames.MINICPMV_VERSION, version, STYLES.keySet()));
    }
    return version == 0 ? VERSION_OLDEST : version;
  }

  @Override
  GridPlan plan(EncoderContext context, TowerConfig config) {
    Metadata mmproj = context.mmproj().metadata();
    int tileCount = mmproj.integer(ClipNames.MAX_SLICE_NUMS, 0, TILE_COUNT_MAX, 0);
    int sideMax = context.imageOptions().gridMax().side();
    var rule =
        new SliceRule(
            config.imageSize(),
            config.patchSize(),
            tileCount == 0 ? TILE_COUNT_DEFAULT : tileCount,
            sideMax == 0 ? TileGrid.SIDE_MAX : sideMax);
    return new MiniCpmVPlan(rule, STYLES.get(version(mmproj)), context.imageOptions().isTiled());
  }
}
