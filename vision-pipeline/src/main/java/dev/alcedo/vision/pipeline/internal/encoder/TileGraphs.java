// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tile.PixelNorm;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.util.List;

/// What a tile encoder compiles, stage by stage, and how the stages may overlap. Immutable; any
/// thread.
final class TileGraphs {
  /// In the order in which a tile goes through them.
  static final List<Stage> STAGES =
      List.of(Stage.VISION_PATCH_EMBED, Stage.VISION_BLOCKS, Stage.VISION_PROJECTOR);

  private final List<Graph> graphs;
  private final List<String> lanes;
  private final PixelNorm norm;
  private final int batchMax;

  /// Builds all graphs, which checks all tensors.
  TileGraphs(EncoderContext context, VisionTower tower, Projector projector) {
    graphs = List.of(tower.patchEmbed(), tower.blocks(), projector.graph());
    lanes = STAGES.stream().map(context::lane).toList();
    norm = new PixelNorm(tower.config().imageMean(), tower.config().imageStd());
    batchMax = TileBatchSearch.batchMax(context, tower);
  }

  /// One for each stage; the output of one is the input of the next.
  List<Graph> graphs() {
    return graphs;
  }

  /// Stages of one lane take turns.
  List<String> lanes() {
    return lanes;
  }

  PixelNorm norm() {
    return norm;
  }

  /// Tiles of a batch at most.
  int batchMax() {
    return batchMax;
  }

  /// Batches that may be under way at once.
  int depth() {
    return lanes.stream().distinct().count() > 1 ? StagePipeline.DEPTH : 1;
  }

  /// Tells what will be compiled.
  void plan(EncoderContext context) {
    for (int i = 0; i < graphs.size(); i++) {
      Graph graph = graphs.get(i);
      long bytes = bytes(graph.outputs().getFirst());
      if (i == 0) {
        bytes += bytes(graph.inputs().getFirst());
      }
      context.plan(STAGES.get(i), graph, batchMax, bytes * depth());
    }
  }

  private long bytes(Value value) {
    return 4L * value.shape().elementCount() * batchMax;
  }
}
