// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.Shape;

/// One transformer block of a vision tower: `x + scale1 * attention(norm1(x))`, then the same with
/// norm2 and the feed-forward part. The file decides what there is of it: q, k and v apart or as
/// one matrix, norms of q and k, biases, layer scale, a gate.
///
/// @param config hyper-parameters
/// @param style what the file does not say
/// @param mixer how queries, keys and values become one
public record TowerBlock(TowerConfig config, TowerStyle style, Mixer mixer) {
  /// What attention does with q, k and v, all `[rows, embeddingLength]`; the place for rotary
  /// positions and windows.
  @FunctionalInterface
  public interface Mixer {
    /// The mixed rows `[rows, embeddingLength]`, before the output matrix.
    Value mix(GraphBuilder graph, Value q, Value k, Value v);
  }

  private record Qkv(Value q, Value k, Value v) {}

  /// A block whose rows all see each other.
  public static TowerBlock of(TowerConfig config, TowerStyle style) {
    Op.Attention op = config.attention();
    return new TowerBlock(config, style, (graph, q, k, v) -> graph.attention(op, q, k, v));
  }

  /// `x` `[rows, embeddingLength]` through the block whose tensors begin with `prefix`.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a tensor is missing or does not fit
  public Value apply(Weights weights, String prefix, Value x) {
    GraphBuilder graph = weights.graph();
    Value mixed = attention(weights, prefix, norm(weights, prefix + "ln1", x));
    Value attended = graph.add(x, weights.scaled(prefix + "ls1.weight", mixed));
    Value active = feedForward(weights, prefix, norm(weights, prefix + "ln2", attended));
    return graph.add(attended, weights.scaled(prefix + "ls2.weight", active));
  }

  private Value norm(Weights weights, String name, Value x) {
    return weights.norm(style.norm(), name, x, config.layerNormEpsilon());
  }

  private Value attention(Weights weights, String prefix, Value x) {
    Qkv qkv = qkv(weights, prefix, x);
    Value q = headNorm(weights, prefix + "attn_q_norm", qkv.q());
    Value k = headNorm(weights, prefix + "attn_k_norm", qkv.k());
    Value mixed = mixer.mix(weights.graph(), q, k, qkv.v());
    return weights.linear(prefix + "attn_out", mixed, config.embeddingLength());
  }

  private Qkv qkv(Weights weights, String prefix, Value x) {
    int width = config.embeddingLength();
    if (weights.has(prefix + "attn_qkv.weight")) {
      GraphBuilder graph = weights.graph();
      Value joined = weights.linear(prefix + "attn_qkv", x, 3 * width);
      return new Qkv(
          graph.node(new Op.Slice(1, 0, width), joined),
          graph.node(new Op.Slice(1, width, width), joined),
          graph.node(new Op.Slice(1, 2 * width, width), joined));
    }
    return new Qkv(
        weights.linear(prefix + "attn_q", x, width),
        weights.linear(prefix + "attn_k", x, width),
        weights.linear(prefix + "attn_v", x, width));
  }

  /// The norm of queries or keys, where there is one: over whole rows (InternViT-6B) or each head.
  private Value headNorm(Weights weights, String name, Value x) {
    if (!weights.has(name + ".weight")) {
      return x;
    }
    int length = config.headLength();
    float eps = config.layerNormEpsilon();
    if (weights.length(name + ".weight") != length) {
      return weights.plainNorm(style.norm(), name, x, eps);
    }
    GraphBuilder graph = weights.graph();
    int rows = x.shape().dim(0);
    Value heads = graph.node(new Op.Reshape(Shape.of(rows * config.headCount(), length)), x);
    Value normed = weights.plainNorm(style.norm(), name, heads, eps);
    return graph.node(new Op.Reshape(x.shape()), normed);
  }

  private Value feedForward(Weights weights, String prefix, Value x) {
    int width = config.embeddingLength();
    boolean isSwapped = style.mayBeSwapped() && weights.cols(prefix + "ffn_down.weight") == width;
    String up = prefix + (isSwapped ? "ffn_down" : "ffn_up");
    String down = prefix + (isSwapped ? "ffn_up" : "ffn_down");
    int length = config.feedForwardLength();
    if (length == TowerConfig.FEED_FORWARD_OF_TENSORS) {
      length = weights.cols(down + ".weight");
    }
    GraphBuilder graph = weights.graph();
    Value raised = weights.linear(up, x, length);
    Value active =
        weights.has(prefix + "ffn_gate.weight")
            ? graph.mul(
                graph.node(
                    config.activation().op(), weights.linear(prefix + "ffn_gate", x, length)),
                raised)
            : graph.node(config.activation().op(), raised);
    return weights.linear(down, active, width);
  }
}
