// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The heap of pairs against the definition: look at all pairs, join the leftmost best one, again.
class PairMergerTest {
  private static final int ROUNDS = 1000;

  @Test
  void spm_agrees_with_the_definition() {
    Random random = Seeds.random("spm merges");
    for (int round = 0; round < ROUNDS; round++) {
      SmallVocabulary vocabulary = SmallVocabulary.spm().letters("abc");
      Map<String, Integer> ranks = new HashMap<>();
      for (int i = 0; i < 12; i++) {
        String piece = randomText(random, 2 + random.nextInt(3));
        int score = random.nextInt(4); // few, so that many are equal
        if (vocabulary.id(piece) < 0) {
          vocabulary.add(piece, NORMAL, score);
          ranks.put(piece, -score);
        }
      }
      String text = randomText(random, 1 + random.nextInt(60));
      List<String> expected = plainly(text, ranks);
      expected.addFirst("▁");
      assertEquals(
          expected, pieces(vocabulary.open(), text), () -> text + " " + ranks + " " + Seeds.hint());
    }
  }

  /// Words are merged one by one; where a piece spans the space between two, they are one word.
  @Test
  void spm_agrees_with_the_definition_across_spaces() {
    Random random = Seeds.random("spm merges across spaces");
    for (int round = 0; round < ROUNDS; round++) {
      SmallVocabulary vocabulary = SmallVocabulary.spm().letters("ab");
      Map<String, Integer> ranks = new HashMap<>();
      for (int i = 0; i < 8; i++) {
        String piece = randomText(random, 2 + random.nextInt(3)).replace('c', '▁');
        if (vocabulary.id(piece) < 0) {
          vocabulary.add(piece, NORMAL, -i);
          ranks.put(piece, i);
        }
      }
      String text = randomText(random, 1 + random.nextInt(40)).replace('c', '▁');
      assertEquals(
          plainly("▁" + text, ranks),
          pieces(vocabulary.open(), text.replace('▁', ' ')),
          () -> text + " " + ranks + " " + Seeds.hint());
    }
  }

  @Test
  void bpe_agrees_with_the_definition() {
    Random random = Seeds.random("bpe merges");
    for (int round = 0; round < ROUNDS; round++) {
      SmallVocabulary vocabulary = SmallVocabulary.bpe("gpt-2");
      Map<String, Integer> ranks = new HashMap<>();
      List<String> pieces = new ArrayList<>(List.of("a", "b", "c"));
      for (int i = 0; i < 12; i++) {
        String left = pieces.get(random.nextInt(pieces.size()));
        String right = pieces.get(random.nextInt(pieces.size()));
        if (ranks.putIfAbsent(left + " " + right, ranks.size()) == null) {
          vocabulary.merge(left, right);
          pieces.add(left + right);
        }
      }
      String text = randomText(random, 1 + random.nextInt(60));
      assertEquals(
          plainlyByPair(text, ranks),
          pieces(vocabulary.open(), text),
          () -> text + " " + ranks + " " + Seeds.hint());
    }
  }

  private static List<String> pieces(Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text, false, TextTrust.NONE))
        .mapToObj(tokenizer::piece)
        .toList();
  }

  private static List<String> plainly(String text, Map<String, Integer> ranks) {
    return join(text, (left, right) -> ranks.get(left + right));
  }

  private static List<String> plainlyByPair(String text, Map<String, Integer> ranks) {
    return join(text, (left, right) -> ranks.get(left + " " + right));
  }

  private interface Ranks {
    @Nullable Integer of(String left, String right);
  }

  private static List<String> join(String text, Ranks ranks) {
    List<String> symbols = new ArrayList<>(List.of(text.split("")));
    while (true) {
      int best = -1;
      int bestRank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        Integer rank = ranks.of(symbols.get(i), symbols.get(i + 1));
        if (rank != null && rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return symbols;
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
  }

  private static String randomText(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }
}
