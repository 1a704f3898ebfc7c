// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The splitter written by hand against the expressions that it stands for.
class WordSplitterTest {
  private static final int ROUNDS = 20_000;
  private static final String[] PARTS = {
    "a", "b", "Z", "Q", "é", "É", "я", "日", "語", "가", "\u0301", "\u0308", "\u200c", "\u200d", "1",
    "2", "٣", "½", " ", " ", "\n", "\r", "\t", "\u00a0", "\u3000", "'", "'", "s", "T", "re", "LL",
    "ve", "d", "!", "/", ".", "_", "$", "🐦", "𝒳", "𝟗", "\ue000",
  };
  private static final String ANY_CASE = "(?:'[sStTmMdD]|'[rR][eE]|'[vV][eE]|'[lL][lL])";
  private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String SYMBOLS = " ?[^\\s\\p{L}\\p{N}]+";

  /// Letters without case in llama.cpp: `U` all but small ones of ASCII, `W` all but its capitals.
  private static String camel(String letters) {
    String u = "[" + letters + "&&[^a-z]]";
    String w = "[" + letters + "&&[^A-Z]]";
    String prefix = "[^\\r\\n\\p{L}\\p{N}]?";
    return prefix + u + "*" + w + "+SUFFIX|" + prefix + u + "+" + w + "*SUFFIX";
  }

  private static String expression(String name) {
    return switch (name) {
      case "gpt-2" -> "'(?:[stmd]|re|ve|ll)| ?\\p{L}+| ?\\p{N}+|" + SYMBOLS + "|\\s+(?!\\S)|\\s+";
      case "llama-bpe" ->
          ANY_CASE
              + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
              + SYMBOLS
              + "[\\r\\n]*|"
              + SPACES;
      case "qwen2" -> expression("llama-bpe").replace("{1,3}", "");
      case "bailingmoe" -> expression("qwen2").replace("[\\r\\n]+|", "[\\r\\n]|");
      case "qwen35" ->
          expression("qwen2")
              .replace("\\p{L}+", "[\\p{L}\\p{M}]+")
              .replace("\\s\\p{L}", "\\s\\p{L}\\p{M}");
      case "k2-horizon" ->
          expression("llama-bpe").replace("?\\p{L}+", "?[\\p{L}\\p{M}\u200c\u200d]+");
      case "ufakzeka" -> expression("qwen2").substring(ANY_CASE.length() + 1);
      case "seed-coder" -> expression("qwen2").replace("+[\\r\\n]*", "+");
      case "exaone-moe" ->
          expression("qwen2")
              .replace("?\\p{L}+", "?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+")
              .replace("+[\\r\\n]*", "+[\\r\\n/]?");
      case "gpt-4o" ->
          camel("\\p{L}").replace("SUFFIX", ANY_CASE + "?")
              + "|\\p{N}{1,3}|"
              + SYMBOLS
              + "[\\r\\n/]*|"
              + SPACES;
      case "granite-embed-multi-97m" ->
          expression("gpt-4o").replace("[\\p{L}&&", "[\\p{L}\\p{M}&&");
      case "tekken" -> expression("gpt-4o").replace(ANY_CASE + "?", "").replace("{1,3}", "");
      case "kimi-k2" ->
          "[一-鿿]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}&&[^一-鿿]]+"
              + ANY_CASE
              + "?|\\p{N}{1,3}|"
              + SYMBOLS
              + "[\\r\\n]*|"
              + SPACES;
      case "jais-2" ->
          expression("llama-bpe")
              .replace(
                  "\\s+(?!\\S)|\\s+",
                  "\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)"
                      + "|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static List<String> plainly(Pattern pattern, String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int at = 0;
    while (matcher.find()) {
      if (matcher.start() > at) {
        words.add(text.substring(at, matcher.start()));
      }
      words.add(matcher.group());
      at = matcher.end();
    }
    if (at < text.length()) {
      words.add(text.substring(at));
    }
    return words;
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      text.append(PARTS[random.nextInt(PARTS.length)].repeat(1 + random.nextInt(4) / 2));
    }
    return text.append(" ".repeat(random.nextInt(40) / 4)).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-2",
    "llama-bpe",
    "qwen2",
    "bailingmoe",
    "qwen35",
    "k2-horizon",
    "ufakzeka",
    "seed-coder",
    "exaone-moe",
    "gpt-4o",
    "granite-embed-multi-97m",
    "tekken",
    "kimi-k2",
    "jais-2",
  })
  void cuts_as_the_expression_does(String name) {
    Pattern pattern = Pattern.compile(expression(name), Pattern.UNICODE_CHARACTER_CLASS);
    PreTokenizer preTokenizer = PreTokenizers.named(name).orElseThrow();
    Random random = Seeds.random("words of " + name);
    for (int round = 0; round < ROUNDS; round++) {
      String text = text(random);
      List<String> words = new ArrayList<>();
      preTokenizer.split(text, (start, end) -> words.add(text.substring(start, end)));
      assertEquals(plainly(pattern, text), words, () -> text + "; " + Seeds.hint());
    }
  }

  @Test
  void spaces_fall_into_powers_of_two() {
    var cuts = new ArrayList<Integer>();
    String text = " ".repeat(1300) + "x";
    PreTokenizers.named("jais-2").orElseThrow().split(text, (start, end) -> cuts.add(end - start));
    assertEquals(List.of(512, 512, 256, 16, 2, 1, 2), cuts);
  }
}
