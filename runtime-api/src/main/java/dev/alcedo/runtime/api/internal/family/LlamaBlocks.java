// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.util.function.IntPredicate;

/// The block that Llama made common: pre-norms, rotary positions, grouped-query attention, a gated
/// feed-forward part. Families differ in how heads turn and in what they scale.
///
/// @param scales what activations are multiplied by on their way
/// @param isTurning whether the heads of a block turn
record LlamaBlocks(Scales scales, IntPredicate isTurning) {
  /// What activations are multiplied by on their way.
  record Scales(float embedding, float residual, float attention, float logits) {
    /// Nothing but attention, by the root of the head size.
    static Scales none(TextConfig config) {
      return new Scales(1, 1, config.attentionScale(), 1);
    }
  }

  /// Blocks without anything special.
  static LlamaBlocks plain(TextConfig config) {
    return scaled(Scales.none(config));
  }

  /// Blocks that scale.
  static LlamaBlocks scaled(Scales scales) {
    return new LlamaBlocks(scales, _ -> true);
  }

  /// The whole model, with heads that turn by one position.
  TextModel model(ModelFile file, TextConfig config, Op.Rope.Style style) {
    var b = new DecoderBuilder(file, config);
    return model(file, config, b, b.rotation(style));
  }

  /// The whole model.
  TextModel model(
      ModelFile file, TextConfig config, DecoderBuilder b, DecoderBuilder.Rotation rotation) {
    return new TextModel(
        config,
        DecoderEnds.vocabSize(file, config),
        DecoderEnds.embedding(file, scales.embedding()),
        graph(config, b, rotation),
        DecoderEnds.logits(file, config, scales.logits()));
  }

  private Graph graph(TextConfig config, DecoderBuilder b, DecoderBuilder.Rotation rotation) {
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      DecoderBuilder.Heads heads = b.heads(i, b.norm(i, TextNames.ATTN_NORM, x));
      boolean turns = isTurning.test(i);
      Value q = turns ? b.rotate(rotation, heads.q()) : heads.q();
      Value k = turns ? b.rotate(rotation, heads.k()) : heads.k();
      Value attended = b.attend(i, q, k, heads.v(), scales.attention(), 0);
      x = b.add(x, b.scale(attended, scales.residual()));
      Value inner = b.feedForward(i, new Op.Silu(), b.norm(i, TextNames.FFN_NORM, x));
      x = b.add(x, b.scale(inner, scales.residual()));
    }
    return b.finish(x);
  }
}
