// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WpmTokenizerTest {
  private static SmallVocabulary vocabulary() {
    SmallVocabulary vocabulary = SmallVocabulary.wpm();
    for (String piece :
        List.of("▁play", "▁pl", "ay", "ing", "in", "▁.", "▁,", "▁e", "e", "▁日", "▁本", "▁É", "▁é")) {
      vocabulary.add(piece, NORMAL);
    }
    return vocabulary;
  }

  private static List<String> pieces(Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text, false, TextTrust.NONE))
        .mapToObj(tokenizer::piece)
        .toList();
  }

  @Test
  void the_longest_pieces_come_first() {
    Tokenizer tokenizer = vocabulary().open();
    assertEquals(List.of("▁play", "ing"), pieces(tokenizer, "playing"));
    assertEquals(List.of("▁play", "in", "e"), pieces(tokenizer, " Playine\n"));
  }

  @Test
  void a_word_that_does_not_work_out_is_unknown_as_a_whole() {
    Tokenizer tokenizer = vocabulary().open();
    assertEquals(List.of("[UNK]", "▁play"), pieces(tokenizer, "playinx play"));
    assertEquals(List.of("[UNK]"), pieces(tokenizer, "ing"));
  }

  @Test
  void punctuation_and_chinese_are_words() {
    Tokenizer tokenizer = vocabulary().open();
    assertEquals(List.of("▁play", "▁,", "▁play", "▁."), pieces(tokenizer, "play,play."));
    assertEquals(List.of("▁日", "▁本"), pieces(tokenizer, "日本"));
    assertEquals(List.of("[UNK]", "[UNK]", "▁."), pieces(tokenizer, "$+."));
  }

  @Test
  void case_and_accents_go_unless_the_file_keeps_them() {
    assertEquals(List.of("▁e", "e"), pieces(vocabulary().open(), "Éé"));
    assertEquals(List.of("▁e"), pieces(vocabulary().open(), "e\u0301"));
    SmallVocabulary cased = vocabulary().set("tokenizer.ggml.normalizer.lowercase", false);
    assertEquals(List.of("▁É"), pieces(cased.open(), "É"));
    cased.set("tokenizer.ggml.normalizer.strip_accents", true);
    assertEquals(List.of("▁e", "e"), pieces(cased.open(), "éé"));
    SmallVocabulary accents = vocabulary().set("tokenizer.ggml.normalizer.strip_accents", false);
    assertEquals(List.of("▁é"), pieces(accents.open(), "É"));
  }

  @Test
  void control_characters_are_nothing() {
    Tokenizer tokenizer = vocabulary().open();
    assertEquals(List.of("▁play"), pieces(tokenizer, "pl\u0000a\u200b\ufffdy\u0007"));
    assertEquals(List.of(), pieces(tokenizer, "\u0000 \u200d"));
  }

  @Test
  void stands_between_two_tokens() {
    Tokenizer tokenizer = vocabulary().open();
    assertArrayEquals(new int[] {2, 4, 3}, tokenizer.encode("play", true, TextTrust.NONE));
    assertArrayEquals(new int[] {2, 3}, tokenizer.encode("", true, TextTrust.NONE));
    assertEquals(
        "playing", tokenizer.decode(tokenizer.encode("playing", true, TextTrust.NONE), false));
    var small = SmallVocabulary.wpm().without("tokenizer.ggml.seperator_token_id");
    var e = assertThrows(ModelFormatException.class, small::open);
    assertTrue(e.getMessage().contains("seperator_token_id"), e.getMessage());
  }

  @Test
  void control_tokens_are_spelled_by_trusted_text_only() {
    Tokenizer tokenizer = vocabulary().open();
    assertArrayEquals(new int[] {3, 4}, tokenizer.encode("[SEP]play", false, TextTrust.ALL));
    assertEquals(List.of("[UNK]", "[UNK]", "[UNK]"), pieces(tokenizer, "[SEP]"));
    assertEquals("wpm, 17 tokens", tokenizer.describe());
  }
}
