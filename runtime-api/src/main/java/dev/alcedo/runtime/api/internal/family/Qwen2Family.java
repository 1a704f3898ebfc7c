// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `qwen2`: Qwen 2 and 2.5. Rotary pairs are halves; q, k and v have biases.
final class Qwen2Family implements TextFamily {
  @Override
  public String architecture() {
    return "qwen2";
  }

  @Override
  public TextModel read(ModelFile file) {
    TextConfig config = TextConfig.read(file.metadata());
    return new TextModel(
        config,
        DecoderEnds.vocabSize(file, config),
        DecoderEnds.embedding(file),
        DecoderBlocks.build(file, config, Op.Rope.Style.HALVES),
        DecoderEnds.logits(file, config));
  }
}
