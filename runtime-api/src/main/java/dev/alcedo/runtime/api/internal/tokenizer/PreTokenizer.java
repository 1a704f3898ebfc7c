// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts text into words before byte-pair merging, as `tokenizer.ggml.pre` names it: one line per
/// name in the table below. A pre-tokenizer is a list of expressions; each cuts every part that the
/// one before it left into its matches and what lies between them. They are those of llama.cpp,
/// which mean the same here: `\s` is Unicode's `White_Space`, classes go by code point. The tables
/// are those of the Java runtime's Unicode version (16 in Java 25; llama.cpp has 15): letters of
/// scripts added since, such as more Egyptian hieroglyphs, are symbols there.
///
/// Every repetition in them is of one character class, which `java.util.regex` runs as a loop: no
/// text is long enough to overflow the stack.
///
/// @param name as in `tokenizer.ggml.pre`
/// @param expressions applied in this order
/// @param ignoresMerges whether a word that is a token is not put together from its parts
/// @param addsBos whether encoding begins with the begin token where the file does not say
record PreTokenizer(
    String name, List<Pattern> expressions, boolean ignoresMerges, boolean addsBos) {

  private static final String CONTRACTION_ANY_CASE = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
  private static final String WHITE_SPACE = "\\s+(?!\\S)|\\s+";

  private static final String GPT_2 =
      "'(?:[stmd]|re|ve|ll)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|" + WHITE_SPACE;

  private static final Map<String, PreTokenizer> BY_NAME = new LinkedHashMap<>();

  static {
    String[] defaultExpressions = {
      "[\\p{P}$+<=>^~|]+", GPT_2, "\\p{N}+", "[0-9][0-9][0-9]",
    };
    add(List.of("default"), false, false, defaultExpressions);
    add(List.of("gpt-2"), false, false, GPT_2);
    add(List.of("llama-bpe", "llama3", "llama-v3"), true, true, wordsAndDigits("{1,3}"));
    add(List.of("qwen2"), false, false, wordsAndDigits(""));
    add(List.of("smollm"), false, false, "\\p{N}", GPT_2);
  }

  /// The pre-tokenizer called `name`, if it is known.
  static Optional<PreTokenizer> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The names known.
  static Collection<String> names() {
    return BY_NAME.keySet();
  }

  /// Gives the words of `text` to `words`, in order and without gaps.
  void split(String text, Consumer<String> words) {
    split(text, 0, text.length(), 0, words);
  }

  private void split(String text, int start, int end, int depth, Consumer<String> words) {
    if (start == end) {
      return;
    }
    if (depth == expressions.size()) {
      words.accept(text.substring(start, end));
      return;
    }
    // Opaque region bounds: what lies outside the part is not seen, not even by a look-ahead.
    Matcher matcher = expressions.get(depth).matcher(text).region(start, end);
    int at = start;
    while (matcher.find()) {
      split(text, at, matcher.start(), depth + 1, words);
      split(text, matcher.start(), matcher.end(), depth + 1, words);
      at = matcher.end();
    }
    split(text, at, end, depth + 1, words);
  }

  /// The family that GPT-4 began: a word takes one character before it along, newlines stick to
  /// what precedes them, digits come in groups.
  private static String wordsAndDigits(String digits) {
    return CONTRACTION_ANY_CASE
        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
        + digits
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|"
        + WHITE_SPACE;
  }

  private static void add(
      List<String> names, boolean ignoresMerges, boolean addsBos, String... expressions) {
    List<Pattern> patterns =
        List.of(expressions).stream()
            .map(e -> Pattern.compile(e, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
    for (String name : names) {
      BY_NAME.put(name, new PreTokenizer(name, patterns, ignoresMerges, addsBos));
    }
  }
}
