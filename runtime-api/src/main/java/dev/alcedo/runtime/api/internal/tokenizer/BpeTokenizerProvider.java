// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.internal.tokenizer.PreTokenizer.Alphabet;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;
import java.util.Optional;

/// Byte-pair encoding with merges: `tokenizer.ggml.model` is `gpt2`, and `tokenizer.ggml.pre` names
/// a [PreTokenizer]. `gemma4` is a model of its own, with a pre-tokenizer of that name.
public final class BpeTokenizerProvider implements TokenizerProvider {
  private static final String MODEL = "gpt2";
  private static final String GEMMA_4 = "gemma4";

  /// For `ServiceLoader`.
  public BpeTokenizerProvider() {}

  @Override
  public String id() {
    return "bpe";
  }

  @Override
  public Support supports(Metadata metadata) {
    Support model = ModelNames.supports(metadata, MODEL, GEMMA_4);
    if (!model.isSupported() || preTokenizer(metadata).isPresent()) {
      return model;
    }
    return Support.unsupported(
        "pre-tokenizer %s (known: %s)"
            .formatted(
                ModelNames.show(metadata, TokenizerKeys.PRE),
                String.join(", ", PreTokenizers.names())));
  }

  @Override
  public Tokenizer open(Metadata metadata) {
    if (supports(metadata) instanceof Support.Unsupported(String why)) {
      throw new UnsupportedModelException(
          "%s: tokenizer bpe does not read %s".formatted(metadata.source(), why));
    }
    PreTokenizer preTokenizer = preTokenizer(metadata).orElseThrow();
    Vocabulary vocabulary = Vocabulary.of(metadata);
    // Early files of Gemma 4 say that no begin token is added; llama.cpp adds it, too. Its default
    // begin and end of the others, id 11, is a comma in GPT-2's vocabulary: none is better.
    var defaults =
        SpecialTokens.Defaults.of(NONE, NONE, NONE)
            .addingBos(preTokenizer.addsBos())
            .insistingOnBos(preTokenizer.alphabet() == Alphabet.CHARACTERS_AND_LINE_ENDS);
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, defaults);
    var codec = new BpeCodec(vocabulary, MergeTable.of(metadata, vocabulary), preTokenizer);
    return new GgufTokenizer(metadata, vocabulary, special, codec);
  }

  private static Optional<PreTokenizer> preTokenizer(Metadata metadata) {
    if (GEMMA_4.equals(metadata.value(TokenizerKeys.MODEL))) {
      return PreTokenizers.named(GEMMA_4); // whatever else the file says, as in llama.cpp
    }
    if (!metadata.has(TokenizerKeys.PRE)) {
      return PreTokenizers.named("default"); // files from before there was a choice
    }
    return metadata.value(TokenizerKeys.PRE) instanceof String name
        ? PreTokenizers.named(name)
        : Optional.empty();
  }
}
