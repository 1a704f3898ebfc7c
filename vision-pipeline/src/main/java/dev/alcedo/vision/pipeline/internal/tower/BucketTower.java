// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;

/// A SigLIP tower for pictures of any size: patches look their position up in a square table.
///
/// @param config hyper-parameters
/// @param side positions along a side of the table
/// @param file where the weights lie
public record BucketTower(TowerConfig config, int side, ModelFile file) {
  /// Pixels of one patch, `[3, patchSize, patchSize]` F32.
  public static final String PIXELS = "pixels";

  /// What connects the graphs, F32.
  public static final String FEATURES = "features";

  /// Row of the position table for a patch, `[1]` I32.
  public static final String POSITIONS = "positions";

  private static final int CHANNEL_COUNT = 3;

  /// Pixels and position of one patch to `[1, embeddingLength]`.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph patchEmbed() {
    var graph = new GraphBuilder("vision.patchEmbed");
    var weights = new Weights(file, graph);
    int size = config.patchSize();
    int width = config.embeddingLength();
    Value pixels = graph.input(PIXELS, DType.F32, CHANNEL_COUNT, size, size);
    Value positions = graph.input(POSITIONS, DType.I32, 1);
    Value kernels =
        weights.kernels(ClipNames.PATCH_EMBEDDING + ".weight", width, CHANNEL_COUNT, size);
    var op = new Op.PatchEmbed(size);
    Value patch =
        weights
            .optionalVector(ClipNames.PATCH_EMBEDDING + ".bias", width)
            .map(bias -> graph.node("patch", op, pixels, kernels, bias))
            .orElseGet(() -> graph.node("patch", op, pixels, kernels));
    Value table = weights.matrix(ClipNames.POSITION_EMBEDDING, side * side, width);
    return graph.output(graph.add(patch, graph.embedding(positions, table))).build();
  }

  /// Features `[patchCount, embeddingLength]` of one picture through all blocks and the norms
  /// around them.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph blocks(int patchCount) {
    var graph = new GraphBuilder("vision.blocks");
    var weights = new Weights(file, graph);
    TowerStyle style = TowerStyle.SIGLIP;
    Value x = graph.input(FEATURES, DType.F32, patchCount, config.embeddingLength());
    x = norm(weights, ClipNames.PRE_NORM, x);
    TowerBlock block = TowerBlock.of(config, style);
    for (int i = 0; i < config.blockCount(); i++) {
      x = block.apply(weights, ClipNames.block(i), x);
    }
    return graph.output(norm(weights, ClipNames.POST_NORM, x)).build();
  }

  /// The norm where the file has one.
  private Value norm(Weights weights, String name, Value x) {
    return weights.has(name + ".weight")
        ? weights.layerNorm(name, x, config.layerNormEpsilon())
        : x;
  }
}
