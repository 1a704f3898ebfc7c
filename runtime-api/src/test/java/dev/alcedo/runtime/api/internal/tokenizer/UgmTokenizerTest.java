// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.UNUSED;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.USER_DEFINED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UgmTokenizerTest {
  private static List<String> pieces(Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text, false, TextTrust.NONE))
        .mapToObj(tokenizer::piece)
        .toList();
  }

  private static SmallVocabulary vocabulary() {
    return SmallVocabulary.ugm().set("tokenizer.ggml.add_space_prefix", true);
  }

  @Test
  void takes_the_pieces_with_the_highest_sum_of_scores() {
    Tokenizer tokenizer =
        vocabulary()
            .add("▁", NORMAL, -1)
            .add("a", NORMAL, -3)
            .add("b", NORMAL, -3)
            .add("ab", NORMAL, -5)
            .add("▁a", NORMAL, -3.5)
            .add("ba", UNUSED, -1)
            .open();
    assertEquals(List.of("▁", "ab"), pieces(tokenizer, "ab"));
    assertEquals(List.of("▁a", "ba"), pieces(tokenizer, "aba"));
    assertEquals("aba", tokenizer.decode(tokenizer.encode("aba", true, TextTrust.NONE), false));
  }

  @Test
  void equal_sums_keep_what_was_found_first() {
    Tokenizer tokenizer =
        vocabulary().add("▁", NORMAL, 0).add("a", NORMAL, -1).add("aa", NORMAL, -2).open();
    assertEquals(List.of("▁", "aa"), pieces(tokenizer, "aa"));
  }

  /// Against trying all ways.
  @Test
  void agrees_with_the_definition() {
    Random random = Seeds.random("unigram");
    for (int round = 0; round < 1000; round++) {
      Map<String, Double> scores = new HashMap<>(Map.of("▁", -1.0));
      SmallVocabulary vocabulary = vocabulary().add("▁", NORMAL, -1);
      for (int i = 0; i < 8; i++) {
        String piece = letters(random, 1 + random.nextInt(3));
        if (!scores.containsKey(piece)) {
          scores.put(piece, (double) (float) (-1 - 10 * random.nextDouble()));
          vocabulary.add(piece, NORMAL, scores.get(piece));
        }
      }
      String text = letters(random, 1 + random.nextInt(12));
      Tokenizer tokenizer = vocabulary.open();
      double sum = 0;
      boolean isKnown = true;
      for (String piece : pieces(tokenizer, text)) {
        isKnown &= scores.containsKey(piece);
        sum += scores.getOrDefault(piece, 0.0);
      }
      double best = best("▁" + text, scores);
      assertEquals(Double.isFinite(best), isKnown, () -> text + scores + Seeds.hint());
      if (isKnown) {
        assertEquals(best, sum, 1e-9, () -> text + scores + Seeds.hint());
      }
    }
  }

  private static double best(String text, Map<String, Double> scores) {
    double best = text.isEmpty() ? 0 : Double.NEGATIVE_INFINITY;
    for (int length = 1; length <= text.length(); length++) {
      Double score = scores.get(text.substring(0, length));
      best = score == null ? best : Math.max(best, score + best(text.substring(length), scores));
    }
    return best;
  }

  private static String letters(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  @Test
  void characters_without_a_piece_are_one_unknown_token() {
    Tokenizer tokenizer = vocabulary().add("▁", NORMAL, -1).add("a", NORMAL, -2).open();
    assertEquals(List.of("▁", "a", "<unk>", "a"), pieces(tokenizer, "a🐦日xa"));
    Tokenizer without =
        vocabulary()
            .add("▁", NORMAL, -1)
            .add("a", NORMAL, -2)
            .set("tokenizer.ggml.unknown_token_id", -1L)
            .open();
    assertEquals(List.of("▁", "a", "a"), pieces(without, "a🐦a"));
  }

  @Test
  void user_defined_tokens_cost_nothing_and_control_tokens_are_not_spelled() {
    Tokenizer tokenizer =
        vocabulary()
            .letters("abcd<>/s")
            .add("▁", NORMAL, -1)
            .add("cd", USER_DEFINED, -500)
            .add("<s>", CONTROL, 0)
            .open();
    assertEquals(List.of("▁", "a", "b", "cd", "▁", "a"), pieces(tokenizer, "abcda"));
    assertEquals(List.of("▁", "<", "s", ">"), pieces(tokenizer, "<s>"));
    assertEquals(List.of("▁", "<", "/", "s", ">"), pieces(tokenizer, "</s>"));
  }

  @Test
  void ends_with_the_end_token_unless_the_file_says_otherwise() {
    Tokenizer tokenizer = vocabulary().add("▁", NORMAL, -1).letters("a").open();
    assertArrayEquals(new int[] {3, 4, 1}, tokenizer.encode("a", true, TextTrust.NONE));
    assertArrayEquals(new int[] {1}, tokenizer.encode("", true, TextTrust.NONE));
    Tokenizer without =
        vocabulary()
            .add("▁", NORMAL, -1)
            .letters("a")
            .set("tokenizer.ggml.add_eos_token", false)
            .open();
    assertArrayEquals(new int[] {3, 4}, without.encode("a", true, TextTrust.NONE));
  }

  @Test
  void spaces_follow_the_files_rules() {
    SmallVocabulary plain = SmallVocabulary.ugm().add("▁", NORMAL, -1).letters("ab");
    assertEquals(List.of("a", "▁", "▁", "b", "▁"), pieces(plain.open(), "a  b "));
    plain.set("tokenizer.ggml.add_space_prefix", true);
    assertEquals(List.of("▁", "a", "▁", "▁", "b", "▁"), pieces(plain.open(), "a  b "));
    plain.set("tokenizer.ggml.remove_extra_whitespaces", true);
    assertEquals(List.of("▁", "a", "▁", "b"), pieces(plain.open(), "  a  b "));
    assertEquals(List.of(), pieces(plain.open(), "   "));
  }

  @Test
  void normalises_by_the_charsmap() {
    long[] map =
        CharsMapTest.map(
            Map.of("Ａ", "a", "ﬁ", "ab", "e\u0301", "b", "e", "a", "\t", " ", "\u200b", ""));
    Tokenizer tokenizer =
        vocabulary()
            .add("▁", NORMAL, -1)
            .letters("abx")
            .set("tokenizer.ggml.precompiled_charsmap", map)
            .open();
    assertEquals(
        List.of("▁", "a", "x", "a", "b", "b", "a", "▁", "x"),
        pieces(tokenizer, "Ａx\u200bﬁe\u0301e\tx"));
    assertTrue(tokenizer.describe().startsWith("ugm, "), tokenizer.describe());
  }

  @Test
  void what_begins_like_a_user_defined_token_is_not_normalised() {
    Tokenizer tokenizer =
        vocabulary()
            .add("▁", NORMAL, -1)
            .letters("abＡx")
            .add("ＡxＡ", USER_DEFINED)
            .set("tokenizer.ggml.precompiled_charsmap", CharsMapTest.map(Map.of("Ａ", "a")))
            .open();
    assertEquals(List.of("▁", "Ａ", "x", "b", "Ａ"), pieces(tokenizer, "ＡxbＡ"));
    assertEquals(List.of("▁", "Ａ", "x", "b"), pieces(tokenizer, "Ａxb"));
    assertEquals(List.of("▁", "x", "b"), pieces(tokenizer, "xb"));
  }
}
