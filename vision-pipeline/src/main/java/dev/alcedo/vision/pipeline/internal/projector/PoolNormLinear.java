// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.projector;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import dev.alcedo.vision.pipeline.internal.tower.Weights;
import dev.alcedo.vision.pipeline.internal.tower.Widened;

/// Gemma 3's projector (arXiv 2503.19786): means over squares of patches, RMS norm, one matrix. The
/// file holds the matrix the other way round, `[embeddingLength, outputLength]`.
///
/// @param tower whose features come in
/// @param scaleFactor patches along a side that become one image token, a divisor of the patches
///   along a tile's side
/// @param outputLength columns of an image token
/// @param file where the weights lie
public record PoolNormLinear(TowerConfig tower, int scaleFactor, int outputLength, ModelFile file)
    implements Projector {
  @Override
  public int tokensPerTile() {
    return tower.patchCount() / (scaleFactor * scaleFactor);
  }

  @Override
  public Graph graph() {
    var graph = new GraphBuilder("vision.projector");
    var weights = new Weights(file, graph);
    int width = tower.embeddingLength();
    Value features = graph.input(VisionTower.FEATURES, DType.F32, tower.patchCount(), width);
    int side = tower.patchesPerSide();
    Value pooled = graph.node("pooled", new Op.Pool2d(side, side, scaleFactor), features);
    Value normed =
        weights.norm(
            TowerStyle.Norm.RMS, ClipNames.SOFT_EMBEDDING_NORM, pooled, tower.layerNormEpsilon());
    String name = ClipNames.INPUT_PROJECTION;
    Value matrix = graph.constant(name, Widened.transposed(file, name, width, outputLength));
    return graph.output(graph.matMul(normed, matrix)).build();
  }

  @Override
  public String describe() {
    return "%dx%d means, norm and one matrix".formatted(scaleFactor, scaleFactor);
  }
}
