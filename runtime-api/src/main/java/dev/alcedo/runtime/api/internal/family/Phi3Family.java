// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `phi3`: Phi 3 and 3.5 mini. q, k and v are one matrix, gate and up are another; rotary pairs are
/// halves. The sliding window that some files name is not applied, as in llama.cpp.
final class Phi3Family implements TextFamily {
  private static final String LONG_FACTORS = "rope_factors_long.weight";

  @Override
  public String architecture() {
    return "phi3";
  }

  @Override
  public TextModel read(ModelFile file) {
    if (file.find(LONG_FACTORS).isPresent()) {
      throw new UnsupportedModelException(
          "%s: phi3 with long rope factors ('%s') is not supported; models of 4k context are"
              .formatted(file.metadata().source(), LONG_FACTORS));
    }
    TextConfig config = TextConfig.read(file.metadata());
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
    int qLength = config.headCount() * config.headLength();
    int kvLength = config.headCountKv() * config.headLength();
    int ffn = config.feedForwardLength();
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      Value norm = b.norm(i, TextNames.ATTN_NORM, x);
      Value qkv = b.linear(i, TextNames.ATTN_QKV, norm, qLength + 2 * kvLength);
      Value q = b.rotate(rotation, b.columns(qkv, 0, qLength));
      Value k = b.rotate(rotation, b.columns(qkv, qLength, kvLength));
      Value v = b.columns(qkv, qLength + kvLength, kvLength);
      x = b.add(x, b.attend(i, q, k, v, config.attentionScale(), 0));
      Value both = b.linear(i, TextNames.FFN_UP, b.norm(i, TextNames.FFN_NORM, x), 2 * ffn);
      Value gate = b.columns(both, 0, ffn);
      x = b.add(x, b.gated(i, new Op.Silu(), gate, b.columns(both, ffn, ffn)));
    }
    return b.finish(x);
  }
}
