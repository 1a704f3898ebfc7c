// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.USER_DEFINED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.testkit.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenMatcherTest {
  private static TokenMatcher matcher(Vocabulary vocabulary) {
    return new TokenMatcher(vocabulary, all(vocabulary), TokenSpaces.none());
  }

  private static BitSet all(Vocabulary vocabulary) {
    var ids = new BitSet();
    ids.set(0, vocabulary.size());
    return ids;
  }

  private static Vocabulary vocabulary(int type, String... pieces) {
    SmallVocabulary small = SmallVocabulary.emptySpm();
    for (String piece : pieces) {
      small.add(piece, type);
    }
    return Vocabulary.of(small.metadata());
  }

  private static List<String> split(
      TokenMatcher matcher, Vocabulary vocabulary, String text, TextTrust trust) {
    List<String> parts = new ArrayList<>();
    matcher.split(
        text,
        trust,
        new TokenMatcher.Parts() {
          @Override
          public void text(int start, int end) {
            parts.add(text.substring(start, end));
          }

          @Override
          public void token(int id) {
            parts.add("#" + vocabulary.piece(id));
          }
        });
    return parts;
  }

  @Test
  void longer_tokens_come_first_wherever_they_are() {
    Vocabulary vocabulary = vocabulary(CONTROL, "ab", "bcd");
    assertEquals(
        List.of("a", "#bcd", "#ab"),
        split(matcher(vocabulary), vocabulary, "abcdab", TextTrust.ALL));
  }

  @Test
  void length_is_that_of_utf_8() {
    Vocabulary vocabulary = vocabulary(USER_DEFINED, "abc", "cé東");
    assertEquals(
        List.of("ab", "#cé東"), split(matcher(vocabulary), vocabulary, "abcé東", TextTrust.NONE));
  }

  @Test
  void untrusted_text_hides_control_tokens_but_no_shorter_user_defined_ones() {
    SmallVocabulary small =
        SmallVocabulary.emptySpm().add("<|end|>", CONTROL).add("end", USER_DEFINED);
    Vocabulary vocabulary = Vocabulary.of(small.metadata());
    assertEquals(
        List.of("<|", "#end", "|>"),
        split(matcher(vocabulary), vocabulary, "<|end|>", TextTrust.NONE));
    assertEquals(
        List.of("#<|end|>"), split(matcher(vocabulary), vocabulary, "<|end|>", TextTrust.ALL));
  }

  @Test
  void a_token_must_be_trusted_altogether() {
    Vocabulary vocabulary = vocabulary(CONTROL, "<s>");
    TextTrust firstHalf = (start, end) -> end <= 4;
    assertEquals(
        List.of("#<s>", "<s>"), split(matcher(vocabulary), vocabulary, "<s><s>", firstHalf));
  }

  @Test
  void white_space_behind_some_tokens_is_theirs() {
    Vocabulary vocabulary = vocabulary(CONTROL, "<a>", "<b>");
    var swallows = new BitSet();
    swallows.set(0);
    assertEquals(
        List.of("#<a>", "x", "#<b>", " \n", "#<a>", "#<b>"),
        split(
            new TokenMatcher(vocabulary, all(vocabulary), new TokenSpaces(new BitSet(), swallows)),
            vocabulary,
            "<a> \n\tx<b> \n<a> <b>",
            TextTrust.ALL));
  }

  @Test
  void white_space_before_some_tokens_is_theirs() {
    Vocabulary vocabulary = vocabulary(CONTROL, "<mask>", "<b>");
    var takes = new BitSet();
    takes.set(0);
    var matcher =
        new TokenMatcher(vocabulary, all(vocabulary), new TokenSpaces(takes, new BitSet()));
    assertEquals(
        List.of("#<mask>", "x", "#<mask>", " ", "#<b>", "#<mask>"),
        split(matcher, vocabulary, " \t<mask>x <mask> <b> <mask>", TextTrust.ALL));
  }

  /// Against llama.cpp's way, written down plainly: for each token from long to short, cut it out
  /// of every piece of text that is left.
  @Test
  void agrees_with_searching_token_by_token() {
    Random random = Seeds.random("token matcher");
    for (int round = 0; round < 2000; round++) {
      Vocabulary vocabulary = randomVocabulary(random);
      TokenMatcher matcher = matcher(vocabulary);
      String text = randomText(random, random.nextInt(30));
      assertEquals(
          plainly(vocabulary, text),
          split(matcher, vocabulary, text, TextTrust.ALL),
          () ->
              "%s in %s; %s"
                  .formatted(
                      IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::piece).toList(),
                      text,
                      Seeds.hint()));
    }
  }

  /// All of different length, so that the order is defined.
  private static Vocabulary randomVocabulary(Random random) {
    List<String> pieces = new ArrayList<>();
    for (int length = 1; length <= 6; length++) {
      String piece = randomText(random, length);
      if (random.nextBoolean() || length == 3) {
        pieces.add(piece);
      }
    }
    return vocabulary(CONTROL, pieces.toArray(String[]::new));
  }

  private static String randomText(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }

  private static List<String> plainly(Vocabulary vocabulary, String text) {
    List<String> parts = text.isEmpty() ? List.of() : List.of(text);
    List<String> pieces =
        IntStream.range(0, vocabulary.size())
            .mapToObj(vocabulary::piece)
            .sorted(Comparator.comparingInt(p -> -p.getBytes(UTF_8).length))
            .toList();
    for (String piece : pieces) {
      List<String> next = new ArrayList<>();
      for (String part : parts) {
        if (part.startsWith("#")) {
          next.add(part);
          continue;
        }
        int from = 0;
        for (int at = part.indexOf(piece); at >= 0; at = part.indexOf(piece, from)) {
          if (at > from) {
            next.add(part.substring(from, at));
          }
          next.add("#" + piece);
          from = at + piece.length();
        }
        if (from < part.length()) {
          next.add(part.substring(from));
        }
      }
      parts = next;
    }
    return parts;
  }
}
