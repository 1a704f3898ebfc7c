// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `minicpm`: MiniCPM 1 and 2. [LlamaBlocks] with scales of embeddings, residuals and logits; files
/// that do not name them get what llama.cpp takes.
final class MiniCpmFamily implements TextFamily {
  private static final float EMBEDDING_SCALE = 12f;
  private static final float DEPTH_SCALE = 1.4f;
  private static final float BASE_LENGTH = 256f;

  @Override
  public String architecture() {
    return "minicpm";
  }

  @Override
  public TextModel read(ModelFile file, TextConfig config) {
    Metadata metadata = file.metadata();
    float residual = (float) (DEPTH_SCALE / Math.sqrt(config.blockCount()));
    float logits = nonZero(metadata, "logit_scale", BASE_LENGTH / config.embeddingLength());
    var scales =
        new LlamaBlocks.Scales(
            nonZero(metadata, "embedding_scale", EMBEDDING_SCALE),
            nonZero(metadata, "residual_scale", residual),
            config.attentionScale(),
            1 / logits);
    return LlamaBlocks.scaled(scales).model(file, config, Op.Rope.Style.INTERLEAVED);
  }

  private static float nonZero(Metadata metadata, String name, float fallback) {
    String key = "minicpm." + name;
    float scale = metadata.number(key, fallback);
    if (scale == 0) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected other than 0, got 0".formatted(metadata.source(), key));
    }
    return scale;
  }
}
