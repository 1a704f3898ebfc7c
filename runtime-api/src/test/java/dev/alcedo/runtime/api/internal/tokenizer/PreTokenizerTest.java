// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PreTokenizerTest {
  private static final int LONG = 1_000_000;

  static List<String> names() {
    return List.copyOf(PreTokenizers.names());
  }

  /// One name for each way to cut.
  static List<String> families() {
    Set<List<Splitter>> seen = new HashSet<>();
    return names().stream()
        .filter(name -> seen.add(PreTokenizers.named(name).orElseThrow().steps()))
        .toList();
  }

  private static List<String> words(String name, String text) {
    List<String> words = new ArrayList<>();
    PreTokenizers.named(name)
        .orElseThrow()
        .split(text, (start, end) -> words.add(text.substring(start, end)));
    return words;
  }

  @Test
  void gpt_2() {
    assertEquals(List.of("I", "'m", " '", "S", " here"), words("gpt-2", "I'm 'S here"));
    assertEquals(
        List.of("a", "  ", " 12345", "!?", "\n", "\n", "x"), words("gpt-2", "a   12345!?\n\nx"));
    assertEquals(List.of("x", "  "), words("gpt-2", "x  "));
    assertEquals(List.of("x", "\u00a0", "y"), words("gpt-2", "x\u00a0y"));
  }

  @Test
  void llama_3() {
    assertEquals(
        List.of("we", "'LL", " go", " ", "123", "456", "7", " x"),
        words("llama-bpe", "we'LL go 1234567 x"));
    assertEquals(List.of("(word", ").\n\n", "  ", " y"), words("llama-bpe", "(word).\n\n   y"));
    assertEquals(List.of("a", " \n  \n", "  ", " b"), words("llama-bpe", "a \n  \n   b"));
    assertEquals(words("llama-bpe", "a1234 b"), words("llama-v3", "a1234 b"));
  }

  @Test
  void qwen_2_takes_digits_one_by_one() {
    assertEquals(List.of("in", " ", "2", "0", "2", "6", ".\n"), words("qwen2", "in 2026.\n"));
  }

  @Test
  void smollm_takes_digits_out_first() {
    assertEquals(List.of("in", " ", "2", "0", "x", "'s"), words("smollm", "in 20x's"));
  }

  @Test
  void default_takes_punctuation_out_first_and_groups_digits() {
    assertEquals(
        List.of("a", ".", " b", " ", "123", "456", "78", "$+", "c"),
        words("default", "a. b 12345678$+c"));
  }

  @Test
  void letters_and_spaces_are_those_of_unicode() {
    assertEquals(List.of("héßΩ東𝒳", "²"), words("llama-bpe", "héßΩ東𝒳²"));
    assertEquals(List.of("a", "\u0085", "\u2003b"), words("qwen2", "a\u0085\u2003b"));
    // The separators U+001C to U+001F are space to Python, not to Unicode.
    assertEquals(List.of("a", "\u001c\u001c"), words("gpt-2", "a\u001c\u001c"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void words_joined_are_the_text(String name) {
    String text = "It's 12 o'clock,\r\n\t 日本語 \u00a0x🐦🐦 !!  ";
    assertEquals(text, String.join("", words(name, text)));
    assertEquals(List.of(), words(name, ""));
    assertTrue(words(name, text).stream().noneMatch(String::isEmpty));
  }

  /// Runs that end in something else: what looks ahead or back from each place of a run would take
  /// hours.
  @ParameterizedTest
  @MethodSource("families")
  void long_runs_before_something_else(String name) {
    for (String unit : List.of("a", "A", "1", " ", "\n", "!", "é", "\u0301", " \n", "\u3000")) {
      for (String end : List.of("x", "日", "\n")) {
        String text = unit.repeat(LONG / 4) + end;
        long[] length = new long[1];
        PreTokenizers.named(name)
            .orElseThrow()
            .split(text, (start, stop) -> length[0] += stop - start);
        assertEquals(text.length(), length[0], "repeated " + unit + " before " + end);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void long_texts_neither_overflow_the_stack_nor_lose_a_character(String name) {
    for (String unit : List.of("a", "1", " ", "\n", "!", "🐦", "é", "'", "a ", " \n", "\u0301")) {
      String text = unit.repeat(LONG / unit.length());
      long[] length = new long[1];
      PreTokenizers.named(name).orElseThrow().split(text, (start, end) -> length[0] += end - start);
      assertEquals(text.length(), length[0], "repeated " + unit);
    }
  }
}
