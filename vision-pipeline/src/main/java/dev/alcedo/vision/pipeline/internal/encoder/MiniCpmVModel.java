// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.grid.PatchGrid;
import dev.alcedo.vision.pipeline.internal.grid.PatchOrder;
import dev.alcedo.vision.pipeline.internal.grid.PositionBuckets;
import dev.alcedo.vision.pipeline.internal.grid.SinCosPositions;
import dev.alcedo.vision.pipeline.internal.projector.Resampler;
import dev.alcedo.vision.pipeline.internal.tower.BucketTower;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.util.Map;

/// MiniCPM-V's tower with its resampler.
record MiniCpmVModel(BucketTower tower, Resampler resampler) implements GridModel {
  @Override
  public TowerConfig config() {
    return tower.config();
  }

  @Override
  public PatchOrder order(PatchGrid grid) {
    return PatchOrder.merged(grid, 1);
  }

  @Override
  public int tokenCount(PatchGrid grid) {
    return resampler.queryCount();
  }

  @Override
  public int tokenLength() {
    return resampler.outputLength();
  }

  @Override
  public int tokenPlace(PatchOrder order, int index) {
    return index;
  }

  @Override
  public Graph patchEmbed() {
    return tower.patchEmbed();
  }

  @Override
  public Graph blocks(int patchCount) {
    return tower.blocks(patchCount);
  }

  @Override
  public Graph projector(int patchCount) {
    return resampler.graph(patchCount);
  }

  @Override
  public Map<String, TensorView> tables(PatchOrder order) {
    int count = order.grid().count();
    int[] positions = new PositionBuckets(tower.side()).positions(order);
    float[] keyPositions = new SinCosPositions(resampler.length()).rows(order);
    return Map.of(
        BucketTower.POSITIONS, TensorView.ofInts(positions, count),
        Resampler.POSITIONS, TensorView.ofFloats(keyPositions, count, resampler.length()),
        Resampler.QUERIES, resampler.queries());
  }

  @Override
  public String describe() {
    return "resampler, %d tokens a tile".formatted(resampler.queryCount());
  }
}
