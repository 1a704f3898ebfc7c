// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.util.ArrayList;
import java.util.List;

/// Encodes pictures as tiles of one size, in batches. The same for all models of this kind;
/// [TilePlan] and [Projector] hold the differences.
final class TileEncoder extends PictureEncoder<TileLayout> {
  private final TowerConfig config;
  private final Projector projector;
  private final TilePlan plan;

  private TileEncoder(
      String id,
      EncoderContext context,
      TowerConfig config,
      Projector projector,
      TilePlan plan,
      TileGraphs graphs) {
    super(id, context, () -> TileRunner.open(context, graphs));
    this.config = config;
    this.projector = projector;
    this.plan = plan;
  }

  /// Checks all tensors and plans the graphs.
  static Encoder open(
      String id, EncoderContext context, VisionTower tower, Projector projector, TilePlan plan) {
    var graphs = new TileGraphs(context, tower, projector);
    graphs.plan(context);
    return new TileEncoder(id, context, tower.config(), projector, plan, graphs);
  }

  @Override
  TileLayout layout(int width, int height) {
    return plan.layout(width, height);
  }

  @Override
  Extent extent(TileLayout layout) {
    int tokenCount = layout.tileCount() * projector.tokensPerTile();
    return new Extent(layout.grid(), layout.hasOverview(), layout.tileCount(), tokenCount);
  }

  @Override
  List<ImageReport.OtherRule> otherRules(int width, int height) {
    var costs = new ArrayList<ImageReport.OtherRule>();
    plan.otherLayouts(width, height)
        .forEach((rule, layout) -> {
          Extent extent = extent(layout);
          costs.add(
              new ImageReport.OtherRule(
                  rule,
                  extent.grid().cols(),
                  extent.grid().rows(),
                  extent.tileCount(),
                  extent.tokenCount()));
        });
    return costs;
  }

  @Override
  List<Bitmap> cut(Bitmap picture, TileLayout layout) {
    return plan.cut(picture, layout);
  }

  @Override
  List<ImageTokens.Part> parts(TileLayout layout) {
    return plan.parts(layout, projector.tokensPerTile());
  }

  @Override
  public int bidirectionalTokenCountMax() {
    return plan.isBidirectional() ? projector.tokensPerTile() : 0;
  }

  @Override
  public String describe() {
    return "%s: tower %d x %d blocks, tiles of %d, %s, %d tokens a tile"
        .formatted(
            id(),
            config.embeddingLength(),
            config.blockCount(),
            config.imageSize(),
            projector.describe(),
            projector.tokensPerTile());
  }
}
