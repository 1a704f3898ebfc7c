// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;

/// SentencePiece with scores: `tokenizer.ggml.model` is `llama`.
public final class SpmTokenizerProvider implements TokenizerProvider {
  private static final String MODEL = "llama";

  /// For `ServiceLoader`.
  public SpmTokenizerProvider() {}

  @Override
  public String id() {
    return "spm";
  }

  @Override
  public Support supports(Metadata metadata) {
    return ModelNames.supports(metadata, MODEL);
  }

  @Override
  public Tokenizer open(Metadata metadata) {
    Vocabulary vocabulary = Vocabulary.of(metadata);
    var defaults = SpecialTokens.Defaults.of(1, 2, 0).addingBos(true);
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, defaults);
    boolean spacePrefix = metadata.bool(TokenizerKeys.ADD_SPACE_PREFIX, true);
    float[] scores = Scores.of(metadata, vocabulary.size());
    var codec = new SpmCodec(vocabulary, scores, special.unknown(), spacePrefix);
    return new GgufTokenizer(metadata, vocabulary, special, codec);
  }
}
