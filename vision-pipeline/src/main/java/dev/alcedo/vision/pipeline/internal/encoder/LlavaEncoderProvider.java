// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.projector.LlavaMlp;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import dev.alcedo.vision.pipeline.internal.tile.PinpointRule;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Encoders for LLaVA 1.5, 1.6 and OneVision (arXiv 2310.03744, 2408.03326): CLIP or SigLIP tower,
/// two-layer projector; one tile, or with grid pinpoints the tiles and then the overview.
public final class LlavaEncoderProvider extends TileEncoderProvider {
  private static final int PINPOINT_COUNT_MAX = 1024;

  /// For ServiceLoader.
  public LlavaEncoderProvider() {
    super(KnownProjectors.MLP);
  }

  @Override
  TowerStyle style(TowerConfig config, Metadata mmproj) {
    return new TowerStyle(
        TowerStyle.Norm.LAYER,
        TowerStyle.ClassRow.LAST_SHIFTED,
        false,
        true,
        featureLayers(config, mmproj));
  }

  /// The file's own choice; else the last block but one of those that the file counts.
  private static List<Integer> featureLayers(TowerConfig config, Metadata mmproj) {
    int[] layers =
        mmproj.has(ClipNames.FEATURE_LAYER) ? mmproj.integers(ClipNames.FEATURE_LAYER) : new int[0];
    return layers.length == 0
        ? List.of(config.blockCount() - 1)
        : Arrays.stream(layers).boxed().toList();
  }

  @Override
  int outputLength(EncoderContext context) {
    return LlavaMlp.outputLength(context.mmproj());
  }

  @Override
  Projector projector(EncoderContext context, VisionTower tower) {
    return new LlavaMlp(tower, context.embeddingLength());
  }

  @Override
  TilePlan plan(EncoderContext context, TowerConfig config, int tileCountMax) {
    Metadata mmproj = context.mmproj().metadata();
    int size = config.imageSize();
    List<TileGrid> pinpoints = pinpoints(mmproj, size);
    if (pinpoints.isEmpty()) {
      return new WholeTilePlan(
          Fitting.padded(Filter.BICUBIC, 122, 116, 104), size, Markers.NONE, false);
    }
    List<TileGrid> candidates =
        CandidateGrids.within(pinpoints, context.imageOptions().gridMax(), tileCountMax - 1);
    return new OverviewLastPlan(
        new PinpointRule(candidates, size),
        context.imageOptions().isTiled() && tileCountMax > 1,
        size,
        Markers.NONE);
  }

  /// The grids that the file lists as sizes in pixels.
  private static List<TileGrid> pinpoints(Metadata mmproj, int size) {
    String key = ClipNames.GRID_PINPOINTS;
    if (!mmproj.has(key)) {
      return List.of();
    }
    int[] sides = mmproj.integers(key);
    if (sides.length % 2 != 0 || sides.length > 2 * PINPOINT_COUNT_MAX) {
      throw wrong(mmproj, "pairs of width and height, at most " + PINPOINT_COUNT_MAX, sides.length);
    }
    var grids = new ArrayList<TileGrid>();
    for (int i = 0; i < sides.length; i += 2) {
      grids.add(new TileGrid(tiles(mmproj, sides[i], size), tiles(mmproj, sides[i + 1], size)));
      TileBudget.check(mmproj, key, size, grids.getLast().tileCount());
    }
    return grids;
  }

  private static int tiles(Metadata mmproj, int side, int size) {
    if (side < size || side % size != 0 || side / size > TileGrid.SIDE_MAX) {
      throw wrong(
          mmproj,
          "multiples of the tile's %d pixels, up to %d times".formatted(size, TileGrid.SIDE_MAX),
          side);
    }
    return side / size;
  }

  private static ModelFormatException wrong(Metadata mmproj, String expected, Object got) {
    return new ModelFormatException(
        "%s: metadata key '%s': expected %s, got %s"
            .formatted(mmproj.source(), ClipNames.GRID_PINPOINTS, expected, got));
  }
}
