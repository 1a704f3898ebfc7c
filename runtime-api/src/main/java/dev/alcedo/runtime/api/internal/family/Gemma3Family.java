// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `gemma3`: norms before and after each part, q and k normalised by heads, GELU, token embeddings
/// multiplied by the root of their width. Five blocks of six see a sliding window and turn with
/// base 10000; the sixth sees everything and turns with the file's base and scale.
final class Gemma3Family implements TextFamily {
  private static final int PATTERN = 6;
  private static final float LOCAL_FREQ_BASE = 10_000f;
  private static final String KEYS = "gemma3.";

  /// The largest model scales attention by its width per head, not by the head size (llama.cpp
  /// tells it by its blocks, as the file has no key for it).
  private static final int BLOCKS_OF_27B = 62;

  @Override
  public String architecture() {
    return "gemma3";
  }

  @Override
  public TextModel read(ModelFile file, TextConfig config) {
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
    Metadata metadata = file.metadata();
    var local = DecoderBuilder.Rotation.plain(Op.Rope.Style.HALVES, localFreqBase(metadata));
    int window = window(metadata);
    int pattern = metadata.integer(KEYS + "attention.sliding_window_pattern", 1, 4096, PATTERN);
    float scale = attentionScale(config);
    Value x = b.embeddings();
    for (int i = 0; i < config.blockCount(); i++) {
      boolean isLocal = i % pattern < pattern - 1;
      DecoderBuilder.Rotation rotation = isLocal ? local : everywhere;
      Value norm = b.norm(i, TextNames.ATTN_NORM, x);
      DecoderBuilder.Heads heads = b.heads(i, norm);
      Value q = b.rotate(rotation, b.headNorm(i, TextNames.ATTN_Q_NORM, heads.q()));
      Value k = b.rotate(rotation, b.headNorm(i, TextNames.ATTN_K_NORM, heads.k()));
      Value attended = b.attend(i, q, k, heads.v(), scale, isLocal ? window : 0);
      x = b.add(x, b.norm(i, TextNames.POST_ATTENTION_NORM, attended));
      var gelu = new Op.Gelu(Op.Gelu.Form.TANH);
      Value inner = b.feedForward(i, gelu, b.norm(i, TextNames.FFN_NORM, x));
      x = b.add(x, b.norm(i, TextNames.POST_FFW_NORM, inner));
    }
    return b.finish(x);
  }

  private static float localFreqBase(Metadata metadata) {
    String key = KEYS + "rope.freq_base_swa";
    float freqBase = metadata.number(key, LOCAL_FREQ_BASE);
    if (freqBase <= 0) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected above 0, got %s"
              .formatted(metadata.source(), key, freqBase));
    }
    return freqBase;
  }

  private static int window(Metadata metadata) {
    String key = KEYS + "attention.sliding_window";
    int window = metadata.integer(key, 0, Integer.MAX_VALUE, 0);
    if (window == 0) {
      throw new UnsupportedModelException(
          "%s: gemma3 without a sliding window ('%s') is not supported: its logits are capped"
              .formatted(metadata.source(), key));
    }
    return window;
  }

  private static float attentionScale(TextConfig config) {
    return config.blockCount() == BLOCKS_OF_27B
        ? (float) (1 / Math.sqrt((double) config.embeddingLength() / config.headCount()))
        : config.attentionScale();
  }
}
