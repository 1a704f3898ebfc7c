// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `granite`: [LlamaBlocks] with scales of embeddings, residuals, attention and logits. Files that
/// say `rope.scaling.finetuned = false` do not turn heads at all.
final class GraniteFamily implements TextFamily {
  @Override
  public String architecture() {
    return "granite";
  }

  @Override
  public TextModel read(ModelFile file, TextConfig config) {
    Metadata metadata = file.metadata();
    float attention = metadata.number("granite.attention.scale", 0f);
    var scales =
        new LlamaBlocks.Scales(
            orOne(metadata.number("granite.embedding_scale", 1f)),
            orOne(metadata.number("granite.residual_scale", 1f)),
            attention == 0 ? config.attentionScale() : attention,
            1 / logitScale(metadata));
    boolean isTurning = metadata.bool("granite.rope.scaling.finetuned", true);
    return new LlamaBlocks(scales, _ -> isTurning).model(file, config, Op.Rope.Style.INTERLEAVED);
  }

  // llama.cpp takes a scale of 0 for none.
  private static float orOne(float scale) {
    return scale == 0 ? 1 : scale;
  }

  private static float logitScale(Metadata metadata) {
    String key = "granite.logit_scale";
    float scale = metadata.number(key);
    if (scale == 0) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected other than 0, got 0".formatted(metadata.source(), key));
    }
    return scale;
  }
}
