// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.HAN;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.LETTER;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.NUMBER;
import static dev.alcedo.runtime.api.internal.tokenizer.CharClasses.SPACE;

import java.util.function.Consumer;

/// What differs between the expressions that a [WordSplitter] stands for. Begin with [#GPT_2] or
/// [#GPT_4] and name the differences. Immutable.
final class WordRules {
  /// Which spellings of `'s 't 're 've 'm 'll 'd` are contractions.
  enum Contractions {
    /// None.
    NONE,
    /// Small letters.
    SMALL,
    /// Small letters and capitals.
    ANY_CASE
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
  static final WordRules GPT_2 = new WordRules();

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
  /// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
  static final WordRules GPT_4 =
      GPT_2
          .contractions(Contractions.ANY_CASE)
          .tail("\r\n", Integer.MAX_VALUE)
          .numbers(3)
          .with(rules -> {
            rules.takesAnyPrefix = true;
            rules.keepsLineEndsTogether = true;
          });

  private Contractions contractions = Contractions.SMALL;
  private boolean contractionsAreSuffixes;
  private boolean takesAnyPrefix;
  private int letters = LETTER;
  private int firstLetters = LETTER;
  private int notLetters;
  private int notSymbols = SPACE | LETTER | NUMBER;
  private boolean endsWordsAtCapitals;
  private boolean spansSpaces;
  private int numberLengthMax = Integer.MAX_VALUE;
  private String tail = "";
  private int tailLengthMax;
  private boolean keepsLineEndsTogether;
  private boolean halvesSpaces;

  private WordRules() {}

  private WordRules with(Consumer<WordRules> change) {
    var copy = new WordRules();
    copy.contractions = contractions;
    copy.contractionsAreSuffixes = contractionsAreSuffixes;
    copy.takesAnyPrefix = takesAnyPrefix;
    copy.letters = letters;
    copy.firstLetters = firstLetters;
    copy.notLetters = notLetters;
    copy.notSymbols = notSymbols;
    copy.endsWordsAtCapitals = endsWordsAtCapitals;
    copy.spansSpaces = spansSpaces;
    copy.numberLengthMax = numberLengthMax;
    copy.tail = tail;
    copy.tailLengthMax = tailLengthMax;
    copy.keepsLineEndsTogether = keepsLineEndsTogether;
    copy.halvesSpaces = halvesSpaces;
    change.accept(copy);
    return copy;
  }

  /// Other contractions; they are words.
  WordRules contractions(Contractions kind) {
    return with(rules -> rules.contractions = kind);
  }

  /// Contractions end the word before them, instead of being words.
  WordRules contractionsAreSuffixes() {
    return with(rules -> rules.contractionsAreSuffixes = true);
  }

  /// What counts as a letter, as [CharClasses].
  WordRules letters(int classes) {
    return with(rules -> {
      rules.letters = classes;
      rules.firstLetters = classes;
    });
  }

  /// Runs of other characters leave out these [CharClasses], too.
  WordRules symbolsWithout(int classes) {
    return with(rules -> rules.notSymbols |= classes);
  }

  /// Runs of Chinese characters are words without anything before or behind them.
  WordRules hanApart() {
    return with(rules -> rules.notLetters = HAN);
  }

  /// Capitals do not follow small letters: `camelCase` is two words. Only the letters of ASCII have
  /// case here, as in llama.cpp.
  WordRules endingAtCapitals() {
    return with(rules -> rules.endsWordsAtCapitals = true);
  }

  /// Single spaces between words are part of one long word, which begins with a letter of category
  /// L*.
  WordRules spanningSpaces() {
    return with(rules -> {
      rules.spansSpaces = true;
      rules.firstLetters = LETTER;
    });
  }

  /// Numbers are at most `lengthMax` digits long.
  WordRules numbers(int lengthMax) {
    return with(rules -> rules.numberLengthMax = lengthMax);
  }

  /// A run of other characters takes at most `lengthMax` of the characters `chars` along.
  WordRules tail(String chars, int lengthMax) {
    return with(rules -> {
      rules.tail = chars;
      rules.tailLengthMax = lengthMax;
    });
  }

  /// White space falls into powers of two, from 512 down.
  WordRules halvingSpaces() {
    return with(rules -> rules.halvesSpaces = true);
  }

  Contractions contractionKind() {
    return contractions;
  }

  boolean hasContractionSuffixes() {
    return contractionsAreSuffixes;
  }

  /// Whether letters take any character before them along; if not, letters and numbers take a
  /// space.
  boolean takesAnyPrefix() {
    return takesAnyPrefix;
  }

  boolean isLetter(int bits) {
    return (bits & letters) != 0 && (bits & notLetters) == 0;
  }

  boolean isFirstLetter(int bits) {
    return (bits & firstLetters) != 0 && (bits & notLetters) == 0;
  }

  boolean isSymbol(int bits) {
    return (bits & notSymbols) == 0;
  }

  boolean keepsHanApart() {
    return notLetters == HAN;
  }

  boolean endsWordsAtCapitals() {
    return endsWordsAtCapitals;
  }

  boolean spansSpaces() {
    return spansSpaces;
  }

  int numberLengthMax() {
    return numberLengthMax;
  }

  boolean isTail(char c) {
    return tail.indexOf(c) >= 0;
  }

  int tailLengthMax() {
    return tailLengthMax;
  }

  boolean keepsLineEndsTogether() {
    return keepsLineEndsTogether;
  }

  boolean halvesSpaces() {
    return halvesSpaces;
  }
}
