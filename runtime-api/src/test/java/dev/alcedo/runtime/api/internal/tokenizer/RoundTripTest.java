// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is encoded comes back, at once and token by token.
class RoundTripTest {
  private static final int ROUNDS = 10_000;

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"})
  void published_vocabularies(String name) {
    goesRound(SharedVocabulary.open(name), name);
  }

  @Test
  void small_vocabularies() {
    goesRound(SmallVocabulary.spm().letters("the of").add("<|", 4).open(), "small spm");
    goesRound(
        SmallVocabulary.spm().letters("a").set("tokenizer.ggml.add_space_prefix", false).open(),
        "small spm without prefix");
    goesRound(SmallVocabulary.bpe("default").merge("t", "h").add("<|", 4).open(), "small bpe");
  }

  private static void goesRound(Tokenizer tokenizer, String purpose) {
    var random = Seeds.random(purpose);
    TokenDecoder decoder = tokenizer.decoder();
    for (int round = 0; round < ROUNDS; round++) {
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
