// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// What pre-tokenizers ask of a character, as bits: its Unicode general category, coarsely, and a
/// few properties. A table answers for the basic plane; the tables behind it are those of the Java
/// runtime (Unicode 16 in Java 25; llama.cpp has 15: letters of scripts added since are unassigned
/// there).
final class CharClasses {
  /// Categories L*.
  static final int LETTER = 1;

  /// Categories N*.
  static final int NUMBER = 2;

  /// Categories M*.
  static final int MARK = 4;

  /// Property `White_Space`.
  static final int SPACE = 8;

  /// The blocks of CJK ideographs, assigned or not.
  static final int HAN = 16;

  /// The zero-width non-joiner and joiner.
  static final int JOINER = 32;

  /// Carriage return and line feed.
  static final int LINE_END = 64;

  private static final byte[] BASIC_PLANE = table();

  private CharClasses() {}

  /// The bits of the code point that begins at `at`; a pair cut by `end` does not occur.
  static int at(String text, int at) {
    char c = text.charAt(at);
    return Character.isHighSurrogate(c) ? classify(text.codePointAt(at)) : BASIC_PLANE[c];
  }

  /// How many chars the code point that begins at `at` takes.
  static int width(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at)) ? 2 : 1;
  }

  private static byte[] table() {
    var table = new byte[0x10000];
    for (int c = 0; c < table.length; c++) {
      table[c] = (byte) classify(c);
    }
    return table;
  }

  private static int classify(int c) {
    int bits =
        switch (Character.getType(c)) {
          case Character.UPPERCASE_LETTER,
              Character.LOWERCASE_LETTER,
              Character.TITLECASE_LETTER,
              Character.MODIFIER_LETTER,
              Character.OTHER_LETTER ->
              LETTER;
          case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
              NUMBER;
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK ->
              MARK;
          default -> 0;
        };
    bits |= isWhiteSpace(c) ? SPACE : 0;
    bits |= isHan(c) ? HAN : 0;
    bits |= c == 0x200C || c == 0x200D ? JOINER : 0;
    return c == '\r' || c == '\n' ? bits | LINE_END : bits;
  }

  /// Unicode's `White_Space`: unlike `Character.isWhitespace`, with no-break spaces and without the
  /// separators U+001C to U+001F.
  static boolean isWhiteSpace(int c) {
    return c >= 0x09 && c <= 0x0D || c == 0x85 || Character.isSpaceChar(c);
  }

  private static boolean isHan(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2EBEF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }
}
