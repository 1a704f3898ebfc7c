// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;

/// SentencePiece's Unigram: `tokenizer.ggml.model` is `t5`.
public final class UgmTokenizerProvider implements TokenizerProvider {
  private static final String MODEL = "t5";

  /// For `ServiceLoader`.
  public UgmTokenizerProvider() {}

  @Override
  public String id() {
    return "ugm";
  }

  @Override
  public Support supports(Metadata metadata) {
    return ModelNames.supports(metadata, MODEL);
  }

  @Override
  public Tokenizer open(Metadata metadata) {
    Vocabulary vocabulary = Vocabulary.of(metadata);
    var defaults = SpecialTokens.Defaults.of(NONE, 1, 2).addingEos();
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, defaults);
    var rules =
        new NormalizedText.Rules(
            metadata.bool(TokenizerKeys.ADD_SPACE_PREFIX, false),
            metadata.bool(TokenizerKeys.REMOVE_EXTRA_SPACES, false));
    var codec =
        new UgmCodec(
            vocabulary,
            Scores.of(metadata, vocabulary.size()),
            special.unknown(),
            CharsMap.of(metadata),
            rules);
    return new GgufTokenizer(metadata, vocabulary, special, codec);
  }
}
