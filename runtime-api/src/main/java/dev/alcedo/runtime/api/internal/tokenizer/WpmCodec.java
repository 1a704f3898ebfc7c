// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import java.text.Normalizer;
import java.util.function.Consumer;

/// WordPiece: text falls into words at white space and around punctuation, and each word into the
/// longest pieces that fit, from the left; a word that does not work out is one unknown token. In
/// GGUF files the pieces that begin a word have a `▁` before them, and the others no `##`.
///
/// Not lossless: white space, control characters and, where the file wants it, case and accents are
/// lost. What accents leave behind is the first character of the decomposition only, as in
/// llama.cpp: of a Korean syllable, its first consonant.
final class WpmCodec implements TextCodec {
  private static final char SPACE = '▁';

  private final Vocabulary vocabulary;
  private final int unknown;
  private final boolean lowersCase;
  private final boolean stripsAccents;
  private final PieceTrie pieces;

  /// @param unknown id for words that cannot be spelled, or [Vocabulary#NONE] to leave them out
  WpmCodec(Vocabulary vocabulary, int unknown, boolean lowersCase, boolean stripsAccents) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.lowersCase = lowersCase;
    this.stripsAccents = stripsAccents;
    this.pieces = new PieceTrie(4 * vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.type(id).isText()) {
        pieces.add(vocabulary.piece(id), id);
      }
    }
  }

  @Override
  public void encode(String text, boolean first, IntList out) {
    words(text, word -> encodeWord(word, out));
  }

  @Override
  public byte[] decode(String piece) {
    return Utf8.encode(piece.replace(SPACE, ' '));
  }

  @Override
  public boolean addsSpacePrefix() {
    return true;
  }

  @Override
  public String describe() {
    return "wpm";
  }

  private void encodeWord(String word, IntList out) {
    String spelled = SPACE + word;
    int before = out.size();
    for (int at = 0; at < spelled.length(); ) {
      int id = longest(spelled, at);
      if (id == NONE) {
        out.truncate(before);
        break;
      }
      out.add(id);
      at += vocabulary.piece(id).length();
    }
    if (out.size() == before && unknown != NONE) {
      out.add(unknown);
    }
  }

  private int longest(String word, int start) {
    int found = NONE;
    int node = PieceTrie.ROOT;
    for (int at = start; at < word.length(); at++) {
      node = pieces.child(node, word.charAt(at));
      if (node == PieceTrie.NONE) {
        break;
      }
      found = pieces.id(node) == PieceTrie.NONE ? found : pieces.id(node);
    }
    return found;
  }

  private void words(String text, Consumer<String> out) {
    var word = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      c = stripsAccents ? baseOf(c) : c;
      if (CharClasses.isWhiteSpace(c)) {
        flush(word, out);
      } else if (!isIgnored(c)) {
        int spelled = lowersCase ? Character.toLowerCase(c) : c;
        if (isWord(c)) {
          flush(word, out);
          out.accept(Character.toString(spelled));
        } else {
          word.appendCodePoint(spelled);
        }
      }
    }
    flush(word, out);
  }

  private static void flush(StringBuilder word, Consumer<String> out) {
    if (!word.isEmpty()) {
      out.accept(word.toString());
      word.setLength(0);
    }
  }

  private static int baseOf(int c) {
    return c < 0x80
        ? c
        : Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD).codePointAt(0);
  }

  private boolean isIgnored(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          stripsAccents;
      default -> c == 0xFFFD;
    };
  }

  /// Whether a character is a word of its own: punctuation, the symbols of ASCII, Chinese.
  private static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          c < 0x7F;
      default -> isChinese(c);
    };
  }

  /// The blocks of BERT's own list, with the gap that its Rust version has (U+2B820 to U+2B91F).
  private static boolean isChinese(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B81F
        || c >= 0x2B920 && c <= 0x2CEAF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }
}
