// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Optional;

/// The pre-norm decoder with rotary positions, grouped-query attention and a gated feed-forward
/// part that Llama made common. Families differ in what they pass here.
final class DecoderBlocks {
  private final TextConfig config;
  private final GraphBuilder graph;
  private final Weights weights;
  private final Op.Rope ropeQ;
  private final Op.Rope ropeK;
  private final Optional<Value> ropeFactors;
  private final Value positions;

  private DecoderBlocks(ModelFile file, TextConfig config, Op.Rope.Style style) {
    this.config = config;
    this.graph = new GraphBuilder("text.blocks");
    this.weights = new Weights(file, graph);
    this.ropeQ = rope(style, config.headCount());
    this.ropeK = rope(style, config.headCountKv());
    this.ropeFactors = weights.optionalVector(TextNames.ROPE_FREQS, config.ropeLength() / 2);
    this.positions = graph.input(TextModel.POSITIONS, DType.I32, 1);
  }

  /// The graph of all blocks. Biases of q, k, v and attention output are used where the file has
  /// them.
  static Graph build(ModelFile file, TextConfig config, Op.Rope.Style style) {
    var blocks = new DecoderBlocks(file, config, style);
    Value x = blocks.graph.input(TextModel.EMBEDDINGS, DType.F32, 1, config.embeddingLength());
    for (int i = 0; i < config.blockCount(); i++) {
      x = blocks.feedForward(i, blocks.attention(i, x));
    }
    return blocks.graph.output(x).build();
  }

  private Value attention(int block, Value x) {
    Value norm =
        graph.rmsNorm(
            x,
            weights.vector(TextNames.weight(block, TextNames.ATTN_NORM), config.embeddingLength()),
            config.normEps());
    Value q = linear(block, TextNames.ATTN_Q, norm, config.headCount() * config.headLength());
    Value k = linear(block, TextNames.ATTN_K, norm, config.headCountKv() * config.headLength());
    Value v = linear(block, TextNames.ATTN_V, norm, config.headCountKv() * config.headLength());
    var op =
        new Op.Attention(
            config.headCount(),
            config.headCountKv(),
            config.headLength(),
            (float) (1 / Math.sqrt(config.headLength())),
            block,
            0);
    Value heads =
        graph.attention(
            op,
            graph.rope(ropeQ, q, positions, ropeFactors),
            graph.rope(ropeK, k, positions, ropeFactors),
            v);
    return graph.add(x, linear(block, TextNames.ATTN_OUTPUT, heads, config.embeddingLength()));
  }

  private Value feedForward(int block, Value x) {
    Value norm =
        graph.rmsNorm(
            x,
            weights.vector(TextNames.weight(block, TextNames.FFN_NORM), config.embeddingLength()),
            config.normEps());
    Value gate = linear(block, TextNames.FFN_GATE, norm, config.feedForwardLength());
    Value up = linear(block, TextNames.FFN_UP, norm, config.feedForwardLength());
    Value inner = graph.mul(graph.node(new Op.Silu(), gate), up);
    Value down = linear(block, TextNames.FFN_DOWN, inner, config.embeddingLength());
    return block == config.blockCount() - 1
        ? graph.node(TextModel.HIDDEN, new Op.Add(), x, down)
        : graph.add(x, down);
  }

  private Value linear(int block, String role, Value x, int out) {
    return graph.matMul(
        x,
        weights.matrix(TextNames.weight(block, role), out, x.shape().cols()),
        weights.optionalVector(TextNames.bias(block, role), out));
  }

  private Op.Rope rope(Op.Rope.Style style, int headCount) {
    return new Op.Rope(
        style,
        headCount,
        config.headLength(),
        config.ropeLength(),
        config.ropeFreqBase(),
        config.ropeFreqScale(),
        1f);
  }
}
