// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;

/// The block that Llama made common: pre-norms, rotary positions, grouped-query attention, a gated
/// feed-forward part. Families differ in how heads turn, and Granite and MiniCPM scale what flows
/// (`{arch}.embedding_scale`, `.residual_scale`, `.attention.scale`, `.logit_scale`).
///
/// * `llama`: Llama 2 and 3, Mistral, TinyLlama, SmolLM2 and what else took its shape, Alcedo-Tiny
///   included. Rotary pairs are neighbours (llama.cpp permutes q and k on conversion); Llama 3's
///   frequency factors come as `rope_freqs.weight`.
/// * `internlm2`, `granite`: the same with other numbers.
/// * `qwen2`: rotary pairs are halves; q, k and v have biases.
record LlamaFamily(String architecture, Op.Rope.Style style) implements TextFamily {
  @Override
  public TextModel read(ModelFile file) {
    requireDense(file.metadata());
    TextConfig config = TextConfig.read(file.metadata());
    var scales = Scales.read(file.metadata(), config);
    return new TextModel(
        config,
        DecoderEnds.vocabSize(file, config),
        DecoderEnds.embedding(file, scales.embedding()),
        blocks(file, config, scales),
        DecoderEnds.logits(file, config, scales.logits()));
  }

  private Graph blocks(ModelFile file, TextConfig config, Scales scales) {
    var b = new DecoderBuilder(file, config);
    DecoderBuilder.Rotation rotation = b.rotation(style);
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      Value norm = b.norm(i, TextNames.ATTN_NORM, x);
      Value q = b.rotate(rotation, b.query(i, norm));
      Value k = b.rotate(rotation, b.key(i, norm));
      Value attended = b.attend(i, q, k, b.value(i, norm), scales.attention(), 0);
      x = b.add(x, b.scale(attended, scales.residual()));
      Value inner = b.feedForward(i, new Op.Silu(), b.norm(i, TextNames.FFN_NORM, x));
      x = b.add(x, b.scale(inner, scales.residual()));
    }
    return b.finish(x);
  }

  private static void requireDense(Metadata metadata) {
    String key = metadata.architecture() + ".expert_count";
    int expertCount = metadata.integer(key, 0, 4096, 0);
    if (expertCount > 0) {
      throw new UnsupportedModelException(
          "%s: %s with %d experts (mixture of experts) is not supported; dense models are"
              .formatted(metadata.source(), metadata.architecture(), expertCount));
    }
  }

  /// What the activations are multiplied by on their way.
  private record Scales(float embedding, float residual, float attention, float logits) {
    static Scales read(Metadata metadata, TextConfig config) {
      String prefix = metadata.architecture() + ".";
      float logits = metadata.number(prefix + "logit_scale", 0f);
      float attention = metadata.number(prefix + "attention.scale", 0f);
      return new Scales(
          metadata.number(prefix + "embedding_scale", 1f),
          metadata.number(prefix + "residual_scale", 1f),
          attention == 0 ? config.attentionScale() : attention,
          logits == 0 ? 1 : 1 / logits);
    }
  }
}
