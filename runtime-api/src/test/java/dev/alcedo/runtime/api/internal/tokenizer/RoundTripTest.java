// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is encoded comes back, at once and token by token.
class RoundTripTest {
  private static final int ROUNDS = 10_000;

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"})
  void published_vocabularies(String name) {
    goesRound(SharedVocabulary.open(name), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"})
  void texts_of_published_vocabularies(String name) {
    Tokenizer tokenizer = SharedVocabulary.open(name);
    for (String text : SharedVocabulary.texts(name)) {
      assertEquals(text, tokenizer.decode(tokenizer.encode(text, true, TextTrust.NONE), false));
    }
  }

  @Test
  void small_vocabularies() {
    goesRound(SmallVocabulary.spm().letters("the of").add("<|", 4).open(), "small spm");
    goesRound(
        SmallVocabulary.spm().letters("a").set("tokenizer.ggml.add_space_prefix", false).open(),
        "small spm without prefix");
    goesRound(SmallVocabulary.bpe("default").merge("t", "h").add("<|", 4).open(), "small bpe");
  }

  /// All pre-tokenizers keep every character. Unigram and WordPiece do not, by their nature: they
  /// normalise, and characters without a piece are lost.
  @ParameterizedTest
  @MethodSource("preTokenizers")
  void every_pre_tokenizer(String name) {
    SmallVocabulary vocabulary =
        PreTokenizers.named(name).orElseThrow().alphabet() == PreTokenizer.Alphabet.BYTES
            ? SmallVocabulary.bpe(name).merge("t", "h").merge("Ġ", "th").merge("Ġ", "Ġ")
            : SmallVocabulary.characters(name).merge("t", "h").merge("▁", "th");
    goesRound(vocabulary.open(), name, 500);
  }

  static List<String> preTokenizers() {
    return List.copyOf(PreTokenizers.names());
  }

  private static void goesRound(Tokenizer tokenizer, String purpose) {
    goesRound(tokenizer, purpose, ROUNDS);
  }

  private static void goesRound(Tokenizer tokenizer, String purpose, int rounds) {
    var random = Seeds.random(purpose);
    TokenDecoder decoder = tokenizer.decoder();
    for (int round = 0; round < rounds; round++) {
      String text = RandomText.of(random, 24);
      int[] ids = tokenizer.encode(text, true, TextTrust.NONE);
      assertEquals(text, tokenizer.decode(ids, false), Seeds::hint);
      assertEquals(text, stream(decoder, ids), Seeds::hint);
    }
  }

  private static String stream(TokenDecoder decoder, int[] ids) {
    var text = new StringBuilder();
    for (int id : ids) {
      String part = decoder.next(id);
      if (!part.isEmpty()) {
        assertFalse(Character.isHighSurrogate(part.charAt(part.length() - 1)), "half a character");
        assertFalse(Character.isLowSurrogate(part.charAt(0)), "half a character");
      }
      text.append(part);
    }
    return text.append(decoder.finish()).toString();
  }
}
