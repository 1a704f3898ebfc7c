// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.grid.PatchGrid;
import dev.alcedo.vision.pipeline.internal.grid.PatchOrder;
import dev.alcedo.vision.pipeline.internal.projector.PatchMerger;
import dev.alcedo.vision.pipeline.internal.tower.QwenTower;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.util.Map;

/// Qwen2-VL's and Qwen2.5-VL's tower with its patch merger.
///
/// @param windowSide image tokens along a side of a window; of no effect without windows
record QwenModel(QwenTower tower, PatchMerger merger, int windowSide) implements GridModel {
  @Override
  public TowerConfig config() {
    return tower.config();
  }

  @Override
  public PatchOrder order(PatchGrid grid) {
    return tower.hasWindows()
        ? PatchOrder.windowed(grid, merger.merge(), windowSide)
        : PatchOrder.merged(grid, merger.merge());
  }

  @Override
  public int tokenCount(PatchGrid grid) {
    return grid.count() / (merger.merge() * merger.merge());
  }

  @Override
  public int tokenLength() {
    return merger.outputLength();
  }

  @Override
  public int tokenPlace(PatchOrder order, int index) {
    return order.tokens()[index];
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
    return merger.graph(patchCount);
  }

  @Override
  public Map<String, TensorView> tables(PatchOrder order) {
    int count = order.grid().count();
    var positions = new int[2 * count];
    for (int i = 0; i < count; i++) {
      positions[2 * i] = order.rows()[i];
      positions[2 * i + 1] = order.cols()[i];
    }
    return Map.of(
        QwenTower.POSITIONS, TensorView.ofInts(positions, count, 2),
        QwenTower.WINDOWS, TensorView.ofInts(order.windows(), count));
  }

  @Override
  public String describe() {
    String windows =
        tower.hasWindows()
            ? ", %d of %d blocks in windows of %dx%d tokens"
                .formatted(
                    config().blockCount() - config().blockCount() / tower.fullPattern(),
                    config().blockCount(),
                    windowSide,
                    windowSide)
            : "";
    return "%dx%d patch merger%s".formatted(merger.merge(), merger.merge(), windows);
  }
}
