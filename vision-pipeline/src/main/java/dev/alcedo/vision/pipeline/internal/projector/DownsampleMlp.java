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

/// BlueLM-V-3B's projector, which is VILA's `mlp_downsample` (arXiv 2411.10640, 2312.07533):
/// neighbouring patches are joined to one, odd grids padded with zeros at the end; then LayerNorm,
/// Linear, GELU, Linear. The GELU is the tanh form, where VILA has the erf form: so is Alcedo-Tiny
/// trained.
///
/// @param tower whose features come in
/// @param scaleFactor patches along a side that become one image token
/// @param outputLength columns of an image token
/// @param file where the weights lie
public record DownsampleMlp(TowerConfig tower, int scaleFactor, int outputLength, ModelFile file)
    implements Projector {
  /// PyTorch's default, which VILA leaves as it is.
  private static final float EPSILON = 1e-5f;

  @Override
  public int tokensPerTile() {
    int side = Math.ceilDiv(tower.patchesPerSide(), scaleFactor);
    return side * side;
  }

  @Override
  public Graph graph() {
    var graph = new GraphBuilder("vision.projector");
    var weights = new Weights(file, graph);
    Value features =
        graph.input(VisionTower.FEATURES, DType.F32, tower.patchCount(), tower.embeddingLength());
    int side = tower.patchesPerSide();
    Value joined = graph.node("joined", new Op.SpaceToDepth(side, side, scaleFactor), features);
    Value normed = weights.layerNorm(ClipNames.PROJECTOR_MLP + 0, joined, EPSILON);
    Value hidden = weights.linear(ClipNames.PROJECTOR_MLP + 1, normed, outputLength);
    Value active = graph.node("active", new Op.Gelu(Op.Gelu.Form.TANH), hidden);
    return graph.output(weights.linear(ClipNames.PROJECTOR_MLP + 3, active, outputLength)).build();
  }

  @Override
  public String describe() {
    return "%dx%d downsampler and two-layer MLP".formatted(scaleFactor, scaleFactor);
  }
}
