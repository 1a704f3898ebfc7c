// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.USER_DEFINED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpmTokenizerTest {
  private static List<String> pieces(Tokenizer tokenizer, String text, TextTrust trust) {
    return Arrays.stream(tokenizer.encode(text, false, trust)).mapToObj(tokenizer::piece).toList();
  }

  @Test
  void joins_the_pair_of_the_highest_score_first() {
    Tokenizer tokenizer =
        SmallVocabulary.spm()
            .letters("abc")
            .add("ab", NORMAL, -2)
            .add("bc", NORMAL, -1)
            .add("abc", NORMAL, -9)
            .open();
    assertEquals(List.of("▁", "abc"), pieces(tokenizer, "abc", TextTrust.NONE));
    assertEquals(List.of("▁", "ab", "bc"), pieces(tokenizer, "abbc", TextTrust.NONE));
  }

  @Test
  void joins_the_leftmost_of_equal_scores_first() {
    Tokenizer tokenizer = SmallVocabulary.spm().letters("a").add("aa", NORMAL, -1).open();
    assertEquals(List.of("▁", "aa", "aa", "a"), pieces(tokenizer, "aaaaa", TextTrust.NONE));
  }

  @Test
  void negative_zero_is_no_score_of_its_own() {
    Tokenizer tokenizer =
        SmallVocabulary.spm().letters("abc").add("ab", NORMAL, -0.0).add("bc", NORMAL, 0.0).open();
    assertEquals(List.of("▁", "ab", "c"), pieces(tokenizer, "abc", TextTrust.NONE));
  }

  @Test
  void unknown_characters_become_bytes() {
    Tokenizer tokenizer = SmallVocabulary.spm().letters("a").open();
    assertEquals(
        List.of("▁", "a", "<0xF0>", "<0x9F>", "<0x90>", "<0xA6>", "a"),
        pieces(tokenizer, "a🐦a", TextTrust.NONE));
  }

  @Test
  void a_byte_without_token_becomes_unknown() {
    Tokenizer tokenizer =
        SmallVocabulary.emptySpm()
            .add("<unk>", SmallVocabulary.UNKNOWN)
            .add("<s>", CONTROL)
            .add("</s>", CONTROL)
            .add("▁", NORMAL)
            .letters("a")
            .open();
    assertEquals(List.of("▁", "a", "<unk>", "<unk>"), pieces(tokenizer, "aé", TextTrust.NONE));
  }

  @Test
  void begin_is_added_by_default_and_end_when_asked() {
    var vocabulary = SmallVocabulary.spm().letters("a");
    assertArrayEquals(new int[] {1, 259, 260}, vocabulary.open().encode("a", true, TextTrust.NONE));
    assertArrayEquals(new int[] {1}, vocabulary.open().encode("", true, TextTrust.NONE));
    assertArrayEquals(new int[0], vocabulary.open().encode("", false, TextTrust.NONE));
    vocabulary.set("tokenizer.ggml.add_bos_token", false);
    vocabulary.set("tokenizer.ggml.add_eos_token", true);
    assertArrayEquals(new int[] {259, 260, 2}, vocabulary.open().encode("a", true, TextTrust.NONE));
  }

  @Test
  void text_after_a_special_token_gets_the_space_prefix_again() {
    Tokenizer tokenizer = SmallVocabulary.spm().letters("ab").add("<u>", USER_DEFINED).open();
    assertEquals(
        List.of("▁", "a", "</s>", "▁", "b", "<u>", "▁", "a"),
        pieces(tokenizer, "a</s>b<u>a", TextTrust.ALL));
    assertEquals(
        "a</s>b<u>a", tokenizer.decode(tokenizer.encode("a</s>b<u>a", false, TextTrust.ALL), true));
  }

  @Test
  void the_space_prefix_can_be_switched_off() {
    Tokenizer tokenizer =
        SmallVocabulary.spm().letters("a").set("tokenizer.ggml.add_space_prefix", false).open();
    int[] ids = tokenizer.encode(" a", false, TextTrust.NONE);
    assertEquals(2, ids.length);
    assertEquals(" a", tokenizer.decode(ids, false));
  }

  @Test
  void control_tokens_are_spelled_by_trusted_text_only() {
    // Every part of </s> is a piece: merging would reach it if control tokens were text.
    Tokenizer tokenizer =
        SmallVocabulary.spm().letters("</s>").add("</", NORMAL, -1).add("s>", NORMAL, -2).open();
    assertEquals(List.of("▁", "</", "s>"), pieces(tokenizer, "</s>", TextTrust.NONE));
    assertEquals(List.of("</s>"), pieces(tokenizer, "</s>", TextTrust.ALL));
    TextTrust first = (start, end) -> end <= 4;
    assertEquals(List.of("</s>", "▁", "</", "s>"), pieces(tokenizer, "</s></s>", first));
    TextTrust part = (start, end) -> start >= 1;
    assertEquals(List.of("▁", "</", "s>"), pieces(tokenizer, "</s>", part));
  }

  @Test
  void byte_tokens_are_not_spelled_by_text() {
    Tokenizer tokenizer =
        SmallVocabulary.spm()
            .letters("<0xA>")
            .add("<0", NORMAL, -1)
            .add("<0x", NORMAL, -1)
            .add("<0x0", NORMAL, -1)
            .add("<0x0A", NORMAL, -1)
            .open();
    assertEquals(List.of("▁", "<0x0A", ">"), pieces(tokenizer, "<0x0A>", TextTrust.ALL));
  }

  @Test
  void without_types_bytes_are_recognised_by_spelling() {
    Tokenizer tokenizer =
        SmallVocabulary.spm().letters("a").without("tokenizer.ggml.token_type").open();
    int[] ids = tokenizer.encode("aé\n", false, TextTrust.NONE);
    assertEquals("aé\n", tokenizer.decode(ids, false));
    assertFalse(tokenizer.isControl(0));
    assertTrue(tokenizer.isEnd(2)); // the kind's own end is one all the same
    assertTrue(tokenizer.isControl(2));
  }

  @Test
  void describes_itself() {
    Tokenizer tokenizer = SmallVocabulary.spm().open();
    assertEquals("spm, 260 tokens", tokenizer.describe());
    assertEquals(260, tokenizer.vocabSize());
    assertEquals(1, tokenizer.beginId().orElseThrow());
    assertEquals(2, tokenizer.endId().orElseThrow());
    assertEquals(259, tokenizer.find("▁").orElseThrow());
    assertTrue(tokenizer.find("nothing").isEmpty());
  }
}
