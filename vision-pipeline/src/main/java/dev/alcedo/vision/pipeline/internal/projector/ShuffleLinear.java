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
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import dev.alcedo.vision.pipeline.internal.tower.Weights;

/// Idefics 3's connector (Laurençon et al., arXiv 2408.12637): neighbouring patches are joined to
/// one ("pixel shuffle"), then one matrix.
///
/// @param tower whose features come in
/// @param scaleFactor patches along a side that become one image token, a divisor of the patches
///   along a tile's side
/// @param outputLength columns of an image token
/// @param file where the weights lie
public record ShuffleLinear(TowerConfig tower, int scaleFactor, int outputLength, ModelFile file)
    implements Projector {
  @Override
  public int tokensPerTile() {
    return tower.patchCount() / (scaleFactor * scaleFactor);
  }

  @Override
  public Graph graph() {
    var graph = new GraphBuilder("vision.projector");
    var weights = new Weights(file, graph);
    Value features =
        graph.input(VisionTower.FEATURES, DType.F32, tower.patchCount(), tower.embeddingLength());
    int side = tower.patchesPerSide();
    Value joined = graph.node("joined", new Op.SpaceToDepth(side, side, scaleFactor), features);
    return graph.output(weights.linear(ClipNames.PROJECTOR_FC, joined, outputLength)).build();
  }

  @Override
  public String describe() {
    return "%dx%d pixel shuffle and one matrix".formatted(scaleFactor, scaleFactor);
  }
}
