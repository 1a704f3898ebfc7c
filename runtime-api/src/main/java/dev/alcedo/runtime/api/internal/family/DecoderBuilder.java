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

  /// A decoder whose rows have one position.
  DecoderBuilder(ModelFile file, TextConfig config) {
    this(file, config, 1);
  }

  /// @param positionCount rotary positions of a row
  DecoderBuilder(ModelFile file, TextConfig config, int positionCount) {
    this.config = config;
    this.weights = new Weights(file, graph);
    this.embeddings = graph.input(TextModel.EMBEDDINGS, DType.F32, 1, config.embeddingLength());
    this.positions =
        positionCount == 1
            ? graph.input(TextModel.POSITIONS, DType.I32, 1)
            : graph.input(TextModel.POSITIONS, DType.I32, 1, positionCount);
  }

  /// How the heads of a block turn.
  ///
  /// @param sections which of a row's positions turns which pair
  /// @param freqBase base of the frequencies
  /// @param freqScale what positions are multiplied by
  /// @param magnitude what cosine and sine are multiplied by
  /// @param factors divisors of the frequencies, where there are any
  record Rotation(
      Op.Rope.Style style,
      Op.Rope.Sections sections,
      float freqBase,
      float freqScale,
      float magnitude,
      Optional<Value> factors) {
    /// By one position, without any stretching.
    static Rotation plain(Op.Rope.Style style, float freqBase) {
      return new Rotation(style, Op.Rope.Sections.NONE, freqBase, 1, 1, Optional.empty());
    }
  }

  /// The rotation that config and file describe.
  Rotation rotation(Op.Rope.Style style) {
    return rotation(style, Op.Rope.Sections.NONE);
  }

  /// The rotation that config and file describe, by several positions.
  Rotation rotation(Op.Rope.Style style, Op.Rope.Sections sections) {
    RopeScaling scaling = config.ropeScaling();
    return new Rotation(
        style,
        sections,
        config.ropeFreqBase(),
        scaling.freqScale(),
        scaling.magnitude(),
        scaling.isByParts() ? Optional.of(partFactors(scaling)) : fileFactors());
  }

  private Optional<Value> fileFactors() {
    String name = factorsName();
    return weights.optionalVector(name, config.ropeLength() / 2);
  }

  // Llama 3 has one set of divisors; others have one for contexts that were stretched and one for
  // those that were not. As in llama.cpp the length of the session decides, not that of a prompt.
  private String factorsName() {
    if (weights.file().find(TextNames.ROPE_FREQS).isPresent()) {
      return TextNames.ROPE_FREQS;
    }
    return config.sessionLength() > config.ropeScaling().originalContextLength()
        ? TextNames.ROPE_FACTORS_LONG
        : TextNames.ROPE_FACTORS_SHORT;
  }

  private Value partFactors(RopeScaling scaling) {
    float[] divisors = scaling.divisors(config.ropeLength(), config.ropeFreqBase());
    weights
        .optionalNumbers(factorsName(), divisors.length)
        .ifPresent(more -> {
          for (int i = 0; i < divisors.length; i++) {
            divisors[i] *= more[i];
          }
        });
    return weights.computed("rope.divisors", divisors);
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

  /// What attention starts from.
  ///
  /// @param q `[1, headCount * headLength]`
  /// @param k `[1, headCountKv * headLength]`
  /// @param v as k
  record Heads(Value q, Value k, Value v) {}

  /// q, k and v of `x`, from one matrix where the file has it, else from three.
  Heads heads(int block, Value x) {
    int qLength = config.headCount() * config.headLength();
    int kvLength = config.headCountKv() * config.headLength();
    if (weights.file().find(TextNames.weight(block, TextNames.ATTN_QKV)).isPresent()) {
      Value all = linear(block, TextNames.ATTN_QKV, x, qLength + 2 * kvLength);
      return new Heads(
          columns(all, 0, qLength),
          columns(all, qLength, kvLength),
          columns(all, qLength + kvLength, kvLength));
    }
    return new Heads(
        linear(block, TextNames.ATTN_Q, x, qLength),
        linear(block, TextNames.ATTN_K, x, kvLength),
        linear(block, TextNames.ATTN_V, x, kvLength));
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
            rotation.magnitude(),
            rotation.sections());
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
