// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.ModelFormatException;
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
    var defaults = new SpecialTokens.Defaults(1, 2, 0, true);
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, defaults);
    boolean spacePrefix = metadata.bool(TokenizerKeys.ADD_SPACE_PREFIX, true);
    float[] scores = scores(metadata, vocabulary.size());
    var codec = new SpmCodec(vocabulary, scores, special.unknown(), spacePrefix);
    return new GgufTokenizer(metadata, vocabulary, special, codec);
  }

  private static float[] scores(Metadata metadata, int size) {
    float[] scores = metadata.numbers(TokenizerKeys.SCORES);
    Vocabulary.requireLength(metadata, TokenizerKeys.SCORES, scores.length, size);
    for (int id = 0; id < size; id++) {
      if (Float.isNaN(scores[id])) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected numbers, got NaN at id %d"
                .formatted(metadata.source(), TokenizerKeys.SCORES, id));
      }
    }
    return scores;
  }
}
