// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `phi3`: Phi 3 and 3.5 mini and medium, Phi 4. q, k and v are one matrix, gate and up are
/// another; rotary pairs are halves, with divisors for short and for long contexts in the 128k
/// models. The sliding window that some files name is not applied, as in llama.cpp.
final class Phi3Family implements TextFamily {
  @Override
  public String architecture() {
    return "phi3";
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
    int ffn = config.feedForwardLength();
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      DecoderBuilder.Heads heads = b.heads(i, b.norm(i, TextNames.ATTN_NORM, x));
      Value q = b.rotate(rotation, heads.q());
      Value k = b.rotate(rotation, heads.k());
      x = b.add(x, b.attend(i, q, k, heads.v(), config.attentionScale(), 0));
      Value both = b.linear(i, TextNames.FFN_UP, b.norm(i, TextNames.FFN_NORM, x), 2 * ffn);
      Value gate = b.columns(both, 0, ffn);
      x = b.add(x, b.gated(i, new Op.Silu(), gate, b.columns(both, ffn, ffn)));
    }
    return b.finish(x);
  }
}
