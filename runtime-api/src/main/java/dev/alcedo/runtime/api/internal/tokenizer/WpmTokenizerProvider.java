// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;

/// WordPiece, as of BERT: `tokenizer.ggml.model` is `bert`.
public final class WpmTokenizerProvider implements TokenizerProvider {
  private static final String MODEL = "bert";

  /// For `ServiceLoader`.
  public WpmTokenizerProvider() {}

  @Override
  public String id() {
    return "wpm";
  }

  @Override
  public Support supports(Metadata metadata) {
    return ModelNames.supports(metadata, MODEL);
  }

  @Override
  public Tokenizer open(Metadata metadata) {
    Vocabulary vocabulary = Vocabulary.of(metadata);
    var defaults = SpecialTokens.Defaults.of(101, NONE, 100).alwaysBetween(102);
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, defaults);
    boolean lowersCase = metadata.bool(TokenizerKeys.LOWERS_CASE, true);
    boolean stripsAccents = metadata.bool(TokenizerKeys.STRIPS_ACCENTS, lowersCase);
    var codec = new WpmCodec(vocabulary, special.unknown(), lowersCase, stripsAccents);
    return new GgufTokenizer(metadata, vocabulary, special, codec);
  }
}
