// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;

/// A vision transformer of SigLIP's kind (Zhai et al., arXiv 2303.15343) as two graphs, so that a
/// profile can put the convolution on another device than the blocks. One item is one tile.
///
/// @param config hyper-parameters
/// @param file where the weights lie
public record VisionTower(TowerConfig config, ModelFile file) {
  /// What goes into [#patchEmbed()].
  public static final String PIXELS = "pixels";

  /// What connects the graphs.
  public static final String FEATURES = "features";

  private static final int CHANNEL_COUNT = 3;

  /// Pixels `[3, imageSize, imageSize]` to features `[patches, embeddingLength]`: convolution plus
  /// position embedding.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph patchEmbed() {
    var graph = new GraphBuilder("vision.patchEmbed");
    var weights = new Weights(file, graph);
    int width = config.embeddingLength();
    int size = config.imageSize();
    Value pixels = graph.input(PIXELS, DType.F32, CHANNEL_COUNT, size, size);
    Value kernels =
        weights.kernels(
            ClipNames.PATCH_EMBEDDING + ".weight", width, CHANNEL_COUNT, config.patchSize());
    var op = new Op.PatchEmbed(config.patchSize());
    Value patches =
        weights
            .optionalVector(ClipNames.PATCH_EMBEDDING + ".bias", width)
            .map(bias -> graph.node("patches", op, pixels, kernels, bias))
            .orElseGet(() -> graph.node("patches", op, pixels, kernels));
    Value positions = weights.addend(ClipNames.POSITION_EMBEDDING, config.patchCount(), width);
    return graph.output(graph.node("embedded", new Op.Add(), patches, positions)).build();
  }

  /// Features `[patches, embeddingLength]` through all blocks and the norm after them.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph blocks() {
    var graph = new GraphBuilder("vision.blocks");
    var weights = new Weights(file, graph);
    Value x = graph.input(FEATURES, DType.F32, config.patchCount(), config.embeddingLength());
    for (int i = 0; i < config.blockCount(); i++) {
      x = block(weights, ClipNames.block(i), x);
    }
    return graph.output(weights.layerNorm(ClipNames.POST_NORM, x, eps())).build();
  }

  private Value block(Weights weights, String prefix, Value x) {
    GraphBuilder graph = weights.graph();
    Value attended = graph.add(x, attention(weights, prefix, x));
    Value normed = weights.layerNorm(prefix + "ln2", attended, eps());
    Value up = weights.linear(prefix + "ffn_up", normed, config.feedForwardLength());
    Value active = graph.node(activation(), up);
    Value down = weights.linear(prefix + "ffn_down", active, config.embeddingLength());
    return graph.add(attended, down);
  }

  private Value attention(Weights weights, String prefix, Value x) {
    int width = config.embeddingLength();
    Value normed = weights.layerNorm(prefix + "ln1", x, eps());
    Value q = weights.linear(prefix + "attn_q", normed, width);
    Value k = weights.linear(prefix + "attn_k", normed, width);
    Value v = weights.linear(prefix + "attn_v", normed, width);
    float scale = (float) (1 / Math.sqrt(config.headLength()));
    var op =
        new Op.Attention(
            config.headCount(),
            config.headCount(),
            config.headLength(),
            scale,
            Op.Attention.NO_CACHE,
            0);
    return weights.linear(prefix + "attn_out", weights.graph().attention(op, q, k, v), width);
  }

  private Op activation() {
    return switch (config.activation()) {
      case GELU -> new Op.Gelu(Op.Gelu.Form.TANH);
      case QUICK_GELU -> new Op.QuickGelu();
      case SILU -> new Op.Silu();
    };
  }

  private float eps() {
    return config.layerNormEpsilon();
  }
}
