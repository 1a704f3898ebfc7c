// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A megabyte without a word in it: quadratic work would take hours here, deep recursion would
/// overflow the stack.
class LongTextTest {
  private static final int LENGTH = 1 << 20;
  private static final List<String> UNITS = List.of("a", "7", " ", "🐦", "<|", "ab");

  @Test
  void small_vocabularies() {
    SmallVocabulary spm = SmallVocabulary.spm().letters("ab7").add("<|end|>", 3).add("  ", 4);
    SmallVocabulary bpe = SmallVocabulary.bpe("qwen2").add("<|end|>", 3).add("  ", 4);
    for (int length = 2; length <= 4096; length *= 2) {
      spm.add("a".repeat(length), SmallVocabulary.NORMAL, length);
      bpe.merge("a".repeat(length / 2), "a".repeat(length / 2));
    }
    goesRound(spm.open());
    goesRound(bpe.open());
  }

  /// These lose characters, so only the ids are counted.
  @Test
  void unigram_and_word_pieces() {
    SmallVocabulary ugm = SmallVocabulary.ugm().letters("ab7▁").add("<|end|>", 3);
    SmallVocabulary wpm = SmallVocabulary.wpm().letters("ab7").add("▁a", 1).add("▁7", 1);
    for (int length = 2; length <= 256; length *= 2) {
      ugm.add("a".repeat(length), SmallVocabulary.NORMAL, -1);
      wpm.add("a".repeat(length), SmallVocabulary.NORMAL);
    }
    String text = "a".repeat(LENGTH);
    assertEquals(LENGTH / 256, ugm.open().encode(text, false, TextTrust.NONE).length);
    assertEquals(
        LENGTH / 256 + 8, wpm.open().encode(text, false, TextTrust.NONE).length, "▁a, 256s, rest");
    for (String unit : UNITS) {
      String repeated = unit.repeat(LENGTH / unit.length());
      ugm.open().encode(repeated, false, TextTrust.ALL);
      wpm.open().encode(repeated, false, TextTrust.ALL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-bpe", "llama-spm"})
  void published_vocabularies(String name) {
    goesRound(SharedVocabulary.open(name));
  }

  /// Each length of run is a token of its own: the longest are cut out first, and the places that
  /// they cover are not looked at again for the shorter ones.
  @Test
  void runs_of_user_defined_tokens() {
    SmallVocabulary vocabulary = SmallVocabulary.bpe("gpt-2");
    for (int length = 2; length <= 64; length++) {
      vocabulary.add("\n".repeat(length), SmallVocabulary.USER_DEFINED);
    }
    int[] ids = vocabulary.open().encode("\n".repeat(64 * 1000 + 5), false, TextTrust.NONE);
    assertEquals(1001, ids.length);
    assertEquals(vocabulary.id("\n".repeat(5)), ids[1000]);
  }

  private static void goesRound(Tokenizer tokenizer) {
    for (String unit : UNITS) {
      String text = unit.repeat(LENGTH / unit.length());
      int[] ids = tokenizer.encode(text, false, TextTrust.ALL);
      assertTrue(text.equals(tokenizer.decode(ids, false)), () -> "repeated " + unit);
    }
  }
}
