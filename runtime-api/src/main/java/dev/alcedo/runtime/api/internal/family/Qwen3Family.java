// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `qwen3`: as Qwen 2, without biases, with q and k normalised by heads before they turn. The head
/// size is its own (`attention.key_length`), not the width over the heads.
final class Qwen3Family implements TextFamily {
  @Override
  public String architecture() {
    return "qwen3";
  }

  @Override
  public TextModel read(ModelFile file, TextConfig config) {
    return new TextModel(
        config,
        DecoderEnds.vocabSize(file, config),
        DecoderEnds.embedding(file, 1),
        blocks(file, config),
        DecoderEnds.logits(file, config, 1));
  }

  private static Graph blocks(ModelFile file, TextConfig config) {
    var b = new DecoderBuilder(file, config);
    DecoderBuilder.Rotation rotation = b.rotation(Op.Rope.Style.HALVES);
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      Value norm = b.norm(i, TextNames.ATTN_NORM, x);
      DecoderBuilder.Heads heads = b.heads(i, norm);
      Value q = b.rotate(rotation, b.headNorm(i, TextNames.ATTN_Q_NORM, heads.q()));
      Value k = b.rotate(rotation, b.headNorm(i, TextNames.ATTN_K_NORM, heads.k()));
      x = b.add(x, b.attend(i, q, k, heads.v(), config.attentionScale(), 0));
      x = b.add(x, b.feedForward(i, new Op.Silu(), b.norm(i, TextNames.FFN_NORM, x)));
    }
    return b.finish(x);
  }
}
