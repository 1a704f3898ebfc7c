// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `llama`: Llama 2 and 3, Mistral, TinyLlama, SmolLM2 and what else took its shape, Alcedo-Tiny
/// included. Rotary pairs are neighbours (llama.cpp permutes q and k on conversion); Llama 3's
/// frequency factors come as `rope_freqs.weight`.
final class LlamaFamily implements TextFamily {
  @Override
  public String architecture() {
    return "llama";
  }

  @Override
  public TextModel read(ModelFile file) {
    int expertCount = file.metadata().integer("llama.expert_count", 0, 4096, 0);
    if (expertCount > 0) {
      throw new UnsupportedModelException(
          "%s: llama with %d experts (mixture of experts) is not supported; dense models are"
              .formatted(file.metadata().source(), expertCount));
    }
    TextConfig config = TextConfig.read(file.metadata());
    return new TextModel(
        config,
        DecoderEnds.vocabSize(file, config),
        DecoderEnds.embedding(file),
        DecoderBlocks.build(file, config, Op.Rope.Style.INTERLEAVED),
        DecoderEnds.logits(file, config));
  }
}
