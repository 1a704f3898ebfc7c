// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.projector.DownsampleMlp;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tile.PinpointRule;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.util.ArrayList;
import java.util.List;

/// Encoders for InternVL 2, 2.5 and 3 (arXiv 2404.16821, 2412.05271): InternViT, pixel shuffle,
/// two-layer projector; tiles and then the overview.
public final class InternVlEncoderProvider extends TileEncoderProvider {
  private static final int TILE_COUNT_MAX = 256;
  private static final int TILES_MIN_DEFAULT = 1;
  private static final int TILES_MAX_DEFAULT = 12;
  private static final Markers MARKERS = new Markers("<img>", "</img>");

  /// InternViT-6B, the tower of the models of 26 billion weights and more, is told by its size: its
  /// norms are root mean squares.
  private static final int LARGE_EMBEDDING_LENGTH = 3200;

  private static final int LARGE_BLOCK_COUNT = 45;

  /// For ServiceLoader.
  public InternVlEncoderProvider() {
    super(KnownProjectors.INTERNVL);
  }

  @Override
  TowerStyle style(TowerConfig config, Metadata mmproj) {
    boolean isLarge =
        config.embeddingLength() == LARGE_EMBEDDING_LENGTH
            && config.blockCount() == LARGE_BLOCK_COUNT;
    TowerStyle.Norm norm = isLarge ? TowerStyle.Norm.RMS : TowerStyle.Norm.LAYER;
    return new TowerStyle(norm, TowerStyle.ClassRow.LAST, false, false, List.of());
  }

  @Override
  int outputLength(EncoderContext context) {
    return context.mmproj().tensor(ClipNames.PROJECTOR_MLP + "3.weight").shape().dim(0);
  }

  @Override
  Projector projector(EncoderContext context, VisionTower tower) {
    TowerConfig config = tower.config();
    int scaleFactor = scaleFactor(context.mmproj().metadata(), config);
    return new DownsampleMlp(config, scaleFactor, context.embeddingLength(), context.mmproj());
  }

  @Override
  TilePlan plan(EncoderContext context, TowerConfig config, int tileCountMax) {
    Metadata mmproj = context.mmproj().metadata();
    int size = config.imageSize();
    int max = mmproj.integer(ClipNames.PREPROC_MAX_TILES, 1, TILE_COUNT_MAX, TILES_MAX_DEFAULT);
    int min = mmproj.integer(ClipNames.PREPROC_MIN_TILES, 1, max, TILES_MIN_DEFAULT);
    TileBudget.check(mmproj, ClipNames.PREPROC_MAX_TILES, size, max);
    List<TileGrid> candidates =
        CandidateGrids.within(
            candidates(min, max), context.imageOptions().gridMax(), tileCountMax - 1);
    return new OverviewLastPlan(
        new PinpointRule(candidates, size),
        context.imageOptions().isTiled() && tileCountMax > 1,
        size,
        MARKERS);
  }

  /// All grids of `min` to `max` tiles, fewest columns first, then fewest rows; neither side below
  /// `min`, as in llama.cpp.
  static List<TileGrid> candidates(int min, int max) {
    var grids = new ArrayList<TileGrid>();
    for (int cols = min; cols <= max; cols++) {
      for (int rows = min; rows <= max / cols; rows++) {
        grids.add(new TileGrid(cols, rows));
      }
    }
    return grids;
  }
}
