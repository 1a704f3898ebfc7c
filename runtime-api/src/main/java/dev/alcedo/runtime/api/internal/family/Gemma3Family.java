// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.util.Optional;

/// `gemma3`: norms before and after each part, q and k normalised by heads, GELU, token embeddings
/// multiplied by the root of their width. Five blocks of six see a sliding window and turn with
/// base 10000; the sixth sees everything and turns with the file's base and scale.
final class Gemma3Family implements TextFamily {
  private static final int PATTERN = 6;
  private static final float LOCAL_FREQ_BASE = 10_000f;

  /// The largest model scales attention by its width per head, not by the head size (llama.cpp
  /// tells it by its blocks, as the file has no key for it).
  private static final int BLOCKS_OF_27B = 62;

  @Override
  public String architecture() {
    return "gemma3";
  }

  @Override
  public TextModel read(ModelFile file) {
    TextConfig config = TextConfig.read(file.metadata());
    return new TextModel(
        config,
        DecoderEnds.vocabSize(file, config),
        DecoderEnds.embedding(file, (float) Math.sqrt(config.embeddingLength())),
        blocks(file, config),
        DecoderEnds.logits(file, config, 1));
  }

  private static Graph blocks(ModelFile file, TextConfig config) {
    var b = new DecoderBuilder(file, config);
    DecoderBuilder.Rotation everywhere = b.rotation(Op.Rope.Style.HALVES);
    var local =
        new DecoderBuilder.Rotation(Op.Rope.Style.HALVES, LOCAL_FREQ_BASE, 1, Optional.empty());
    int window = window(file.metadata());
    float scale = attentionScale(config);
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      boolean isLocal = i % PATTERN < PATTERN - 1;
      DecoderBuilder.Rotation rotation = isLocal ? local : everywhere;
      Value norm = b.norm(i, TextNames.ATTN_NORM, x);
      Value q = b.rotate(rotation, b.headNorm(i, TextNames.ATTN_Q_NORM, b.query(i, norm)));
      Value k = b.rotate(rotation, b.headNorm(i, TextNames.ATTN_K_NORM, b.key(i, norm)));
      Value attended = b.attend(i, q, k, b.value(i, norm), scale, isLocal ? window : 0);
      x = b.add(x, b.norm(i, TextNames.POST_ATTENTION_NORM, attended));
      var gelu = new Op.Gelu(Op.Gelu.Form.TANH);
      Value inner = b.feedForward(i, gelu, b.norm(i, TextNames.FFN_NORM, x));
      x = b.add(x, b.norm(i, TextNames.POST_FFW_NORM, inner));
    }
    return b.finish(x);
  }

  private static int window(Metadata metadata) {
    return metadata.integer("gemma3.attention.sliding_window", 0, Integer.MAX_VALUE, 0);
  }

  private static float attentionScale(TextConfig config) {
    return config.blockCount() == BLOCKS_OF_27B
        ? (float) (1 / Math.sqrt((double) config.embeddingLength() / config.headCount()))
        : config.attentionScale();
  }
}
