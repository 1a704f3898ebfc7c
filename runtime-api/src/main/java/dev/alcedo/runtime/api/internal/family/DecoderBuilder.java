// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Optional;

/// The pieces that decoder blocks are made of: norms, linear layers, rotary positions, attention
/// with the KV cache, gated feed-forward. A family puts them together; this class knows names and
/// shapes.
final class DecoderBuilder {
  private final TextConfig config;
  private final GraphBuilder graph = new GraphBuilder("text.blocks");
  private final Weights weights;
  private final Value positions;
  private final Value embeddings;

  DecoderBuilder(ModelFile file, TextConfig config) {
    this.config = config;
    this.weights = new Weights(file, graph);
    this.embeddings = graph.input(TextModel.EMBEDDINGS, DType.F32, 1, config.embeddingLength());
    this.positions = graph.input(TextModel.POSITIONS, DType.I32, 1);
  }

  /// How the heads of a block turn.
  ///
  /// @param freqBase base of the frequencies
  /// @param freqScale what positions are multiplied by
  /// @param factors divisors of the frequencies, where the file has them
  record Rotation(Op.Rope.Style style, float freqBase, float freqScale, Optional<Value> factors) {}

  /// The rotation that the config describes, with `rope_freqs.weight` where the file has it.
  Rotation rotation(Op.Rope.Style style) {
    Optional<Value> factors = weights.optionalVector(TextNames.ROPE_FREQS, config.ropeLength() / 2);
    return new Rotation(style, config.ropeFreqBase(), config.ropeFreqScale(), factors);
  }

  /// What goes into the first block, `[1, embeddingLength]`.
  Value embeddings() {
    return embeddings;
  }

  /// The graph that ends with `hidden`.
  Graph finish(Value hidden) {
    return graph.output(hidden).build();
  }

  /// RMS norm over the row.
  Value norm(int block, String role, Value x) {
    Value weight = weights.vector(TextNames.weight(block, role), x.shape().cols());
    return graph.rmsNorm(x, weight, config.normEps());
  }

  /// RMS norm over each head.
  Value headNorm(int block, String role, Value x) {
    Value weight = weights.vector(TextNames.weight(block, role), config.headLength());
    return graph.rmsNorm(x, weight, config.normEps());
  }

  /// A linear layer to `out` columns, with its bias where the file has one.
  Value linear(int block, String role, Value x, int out) {
    return graph.matMul(
        x,
        weights.matrix(TextNames.weight(block, role), out, x.shape().cols()),
        weights.optionalVector(TextNames.bias(block, role), out));
  }

  /// q of `x`: `[1, headCount * headLength]`.
  Value query(int block, Value x) {
    return linear(block, TextNames.ATTN_Q, x, config.headCount() * config.headLength());
  }

  /// k of `x`: `[1, headCountKv * headLength]`.
  Value key(int block, Value x) {
    return linear(block, TextNames.ATTN_K, x, config.headCountKv() * config.headLength());
  }

  /// v of `x`: `[1, headCountKv * headLength]`.
  Value value(int block, Value x) {
    return linear(block, TextNames.ATTN_V, x, config.headCountKv() * config.headLength());
  }

  /// Turns the heads of `x` by their position.
  Value rotate(Rotation rotation, Value x) {
    int headCount = x.shape().cols() / config.headLength();
    var rope =
        new Op.Rope(
            rotation.style(),
            headCount,
            config.headLength(),
            config.ropeLength(),
            rotation.freqBase(),
            rotation.freqScale(),
            1f);
    return graph.rope(rope, x, positions, rotation.factors());
  }

  /// Causal attention over the KV cache, then the output layer.
  ///
  /// @param window positions that are seen, own included; 0 means all
  Value attend(int block, Value q, Value k, Value v, float scale, int window) {
    var op =
        new Op.Attention(
            config.headCount(), config.headCountKv(), config.headLength(), scale, block, window);
    Value heads = graph.attention(op, q, k, v);
    return linear(block, TextNames.ATTN_OUTPUT, heads, config.embeddingLength());
  }

  /// `down(activation(gate(x)) * up(x))`.
  Value feedForward(int block, Op activation, Value x) {
    Value gate = linear(block, TextNames.FFN_GATE, x, config.feedForwardLength());
    Value up = linear(block, TextNames.FFN_UP, x, config.feedForwardLength());
    return gated(block, activation, gate, up);
  }

  /// `down(activation(gate) * up)`.
  Value gated(int block, Op activation, Value gate, Value up) {
    Value inner = graph.mul(graph.node(activation, gate), up);
    return linear(block, TextNames.FFN_DOWN, inner, config.embeddingLength());
  }

  /// `length` columns of `x` from `start`.
  Value columns(Value x, int start, int length) {
    return graph.node(new Op.Slice(1, start, length), x);
  }

  /// `a + b`.
  Value add(Value a, Value b) {
    return graph.add(a, b);
  }

  /// `factor * x`; nothing is computed where the factor is 1.
  Value scale(Value x, float factor) {
    return factor == 1 ? x : graph.scale(x, factor);
  }
}
