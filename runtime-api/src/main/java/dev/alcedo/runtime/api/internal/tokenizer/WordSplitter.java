// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.LETTER;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.LINE_END;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.NUMBER;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.SPACE;

/// Cuts text the way that the expressions of GPT-2, GPT-4 and GPT-4o do, which nearly all byte-pair
/// encodings took over with small changes; the [WordRules] say which. Written by hand because that
/// is several times as fast as `java.util.regex`, and linear where those expressions are not. At
/// each place the first of these that fits is a word:
///
/// 1. a contraction such as `'ll`,
/// 2. a run of letters, with one character before it,
/// 3. a run of numbers,
/// 4. a run of other characters, with a space before and line ends behind it,
/// 5. white space up to its last line end,
/// 6. white space; its last character is left to the word that follows.
///
/// @param rules what differs between the families
record WordSplitter(WordRules rules) implements Splitter {
  private static final int NONE = -1;
  private static final int CASCADE_MAX = 512;

  @Override
  public void split(String text, int start, int end, Spans out) {
    for (int at = start; at < end; ) {
      int bits = CharClasses.at(text, at);
      int word = wordEnd(text, at, end, bits);
      if (word != NONE) {
        out.add(at, word);
      } else {
        word = spaceEnd(text, at, end);
        addSpace(text, at, word, out);
      }
      at = word;
    }
  }

  private int wordEnd(String text, int at, int end, int bits) {
    char c = text.charAt(at);
    if (c == '\'' && !rules.hasContractionSuffixes()) {
      int length = contraction(text, at, end);
      if (length > 0) {
        return at + length;
      }
    }
    if (rules.keepsHanApart() && (bits & CharClasses.HAN) != 0) {
      return hanEnd(text, at, end);
    }
    int word = rules.takesAnyPrefix() ? lettersEnd(text, at, end, bits) : plainEnd(text, at, end);
    if (word != NONE) {
      return word;
    }
    if ((bits & NUMBER) != 0) {
      return numberEnd(text, at, end, rules.numberLengthMax());
    }
    int symbols = c == ' ' ? at + 1 : at;
    int symbolsEnd = symbolsEnd(text, symbols, end);
    return symbolsEnd > symbols ? tailEnd(text, symbolsEnd, end) : NONE;
  }

  /// GPT-2: ` ?\p{L}+| ?\p{N}+`.
  private int plainEnd(String text, int at, int end) {
    int from = text.charAt(at) == ' ' ? at + 1 : at;
    if (from == end) {
      return NONE;
    }
    int kind = CharClasses.at(text, from) & (LETTER | NUMBER);
    int to = from;
    while (kind != 0 && to < end && (CharClasses.at(text, to) & kind) != 0) {
      to += CharClasses.width(text, to);
    }
    return to > from ? to : NONE;
  }

  /// GPT-4: `[^\r\n\p{L}\p{N}]?\p{L}+`, with whatever counts as a letter.
  private int lettersEnd(String text, int at, int end, int bits) {
    int prefixed =
        (bits & (LINE_END | LETTER | NUMBER)) == 0 ? at + CharClasses.width(text, at) : NONE;
    int word = NONE;
    if (rules.endsWordsAtCapitals()) {
      word = prefixed == NONE ? NONE : lowerEnd(text, prefixed, end);
      word = word == NONE ? lowerEnd(text, at, end) : word;
      word = word == NONE && prefixed != NONE ? upperEnd(text, prefixed, end) : word;
      word = word == NONE ? upperEnd(text, at, end) : word;
    } else {
      word = prefixed == NONE ? NONE : runEnd(text, prefixed, end);
      word = word == NONE ? runEnd(text, at, end) : word;
    }
    return word == NONE || !rules.hasContractionSuffixes()
        ? word
        : word + contraction(text, word, end);
  }

  private int runEnd(String text, int start, int end) {
    if (start == end || !rules.isFirstLetter(CharClasses.at(text, start))) {
      return NONE;
    }
    int at = start;
    while (at < end && (isLetter(text, at) || isInnerSpace(text, at, end))) {
      at += CharClasses.width(text, at);
    }
    return at;
  }

  private boolean isLetter(String text, int at) {
    return rules.isLetter(CharClasses.at(text, at));
  }

  /// A single space between letters, where words may have one.
  private boolean isInnerSpace(String text, int at, int end) {
    return rules.spansSpaces()
        && text.charAt(at) == ' '
        && at + 1 < end
        && (CharClasses.at(text, at + 1) & LETTER) != 0;
  }

  /// `U*W+`, where `U` are letters but `a-z` and `W` letters but `A-Z`; others are both. As many
  /// `U` as possible come first, and give back what `W` needs.
  private int lowerEnd(String text, int start, int end) {
    int upper = start;
    int lastBoth = NONE; // the end of the last letter that is both
    while (upper < end && isLetter(text, upper) && !isSmall(text.charAt(upper))) {
      boolean both = !isCapital(text.charAt(upper));
      upper += CharClasses.width(text, upper);
      lastBoth = both ? upper : lastBoth;
    }
    int lower = lowerRunEnd(text, upper, end);
    return lower > upper ? lower : lastBoth;
  }

  /// `U+W*` where `U*W+` does not fit: the letters are all `A-Z`.
  private int upperEnd(String text, int start, int end) {
    int upper = start;
    while (upper < end && isCapital(text.charAt(upper))) {
      upper++;
    }
    return upper > start ? upper : NONE;
  }

  private int lowerRunEnd(String text, int start, int end) {
    int at = start;
    while (at < end && isLetter(text, at) && !isCapital(text.charAt(at))) {
      at += CharClasses.width(text, at);
    }
    return at;
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isSmall(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static int hanEnd(String text, int start, int end) {
    int at = start;
    while (at < end && (CharClasses.at(text, at) & CharClasses.HAN) != 0) {
      at += CharClasses.width(text, at);
    }
    return at;
  }

  private static int numberEnd(String text, int start, int end, int lengthMax) {
    int at = start;
    for (int i = 0; i < lengthMax && at < end; i++) {
      if ((CharClasses.at(text, at) & NUMBER) == 0) {
        break;
      }
      at += CharClasses.width(text, at);
    }
    return at;
  }

  private int symbolsEnd(String text, int start, int end) {
    int at = start;
    while (at < end && rules.isSymbol(CharClasses.at(text, at))) {
      at += CharClasses.width(text, at);
    }
    return at;
  }

  private int tailEnd(String text, int start, int end) {
    int limit = Math.min(end, start + Math.min(rules.tailLengthMax(), end - start));
    int at = start;
    while (at < limit && rules.isTail(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// The length of a contraction that begins at `at`, or 0.
  private int contraction(String text, int at, int end) {
    if (rules.contractionKind() == WordRules.Contractions.NONE
        || at + 1 >= end
        || text.charAt(at) != '\'') {
      return 0;
    }
    char first = fold(text.charAt(at + 1));
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return 2;
    }
    if (at + 2 >= end) {
      return 0;
    }
    char second = fold(text.charAt(at + 2));
    return (first == 'r' || first == 'v') && second == 'e' || first == 'l' && second == 'l' ? 3 : 0;
  }

  private char fold(char c) {
    boolean anyCase = rules.contractionKind() == WordRules.Contractions.ANY_CASE;
    return anyCase && isCapital(c) ? (char) (c + ('a' - 'A')) : c;
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`. White space has no code points of two chars.
  private int spaceEnd(String text, int start, int end) {
    int at = start;
    int lineEnd = NONE;
    while (at < end) {
      int bits = CharClasses.at(text, at);
      if ((bits & SPACE) == 0) {
        break;
      }
      at++;
      lineEnd = (bits & LINE_END) != 0 ? at : lineEnd;
    }
    if (lineEnd != NONE && rules.keepsLineEndsTogether()) {
      return lineEnd;
    }
    return at < end && at > start + 1 ? at - 1 : at;
  }

  private void addSpace(String text, int start, int end, Spans out) {
    boolean isLine = (CharClasses.at(text, end - 1) & LINE_END) != 0;
    if (!rules.halvesSpaces() || isLine && rules.keepsLineEndsTogether()) {
      out.add(start, end);
      return;
    }
    for (int at = start, length = CASCADE_MAX; at < end; ) {
      if (length <= end - at) {
        out.add(at, at + length);
        at += length;
      } else {
        length /= 2;
      }
    }
  }
}
