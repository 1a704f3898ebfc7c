// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.internal.gguf.Utf8;
import dev.alcedo.runtime.api.spi.Metadata;
import java.util.Arrays;
import java.util.List;

/// The pieces of a model and what each of them is, checked: as many types as pieces, no piece
/// twice, byte tokens that are bytes. Immutable once the tokenizer is open.
final class Vocabulary {
  /// No such piece.
  static final int NONE = -1;

  /// Longer pieces are refused: the time to read a text grows with the longest. The longest of the
  /// vocabularies in use has 256 characters.
  static final int PIECE_LENGTH_MAX = 4096;

  /// Characters of all pieces together; more are refused, because tries over them take some hundred
  /// bytes each. Gemma 3, the largest vocabulary in use, has under two million.
  static final int TEXT_LENGTH_MAX = 1 << 23;

  private final String source;
  private final String[] pieces;
  private final TokenType[] types;
  private final PieceTable ids;
  private final int[] byteIds = new int[256];
  private final int pieceLengthMax;

  private Vocabulary(String source, String[] pieces, TokenType[] types, PieceTable ids) {
    this.source = source;
    this.pieces = pieces;
    this.types = types;
    this.ids = ids;
    int longest = 0;
    for (String piece : pieces) {
      longest = Math.max(longest, piece.length());
    }
    this.pieceLengthMax = longest;
    indexBytes();
  }

  /// Reads the tables `tokenizer.ggml.tokens` and `token_type`. Where there are no types, all are
  /// text but those spelled `<0xNN>` (llama.cpp: all are text).
  ///
  /// @throws ModelFormatException if they are missing, contradict each other or hold nonsense
  static Vocabulary of(Metadata metadata) {
    String[] pieces = pieces(metadata);
    TokenType[] types = types(metadata, pieces);
    var ids = new PieceTable(pieces);
    for (int id = 0; id < pieces.length; id++) {
      int first = ids.add(id);
      if (first != NONE) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected every piece once, got %s as %d and %d"
                .formatted(metadata.source(), TokenizerKeys.TOKENS, quote(pieces[id]), first, id));
      }
    }
    return new Vocabulary(metadata.source(), pieces, types, ids);
  }

  /// The file name for messages.
  String source() {
    return source;
  }

  int size() {
    return pieces.length;
  }

  String piece(int id) {
    return pieces[check(id)];
  }

  TokenType type(int id) {
    return types[check(id)];
  }

  /// Characters of the longest piece.
  int pieceLengthMax() {
    return pieceLengthMax;
  }

  /// The id of `piece`, whatever its type, or [#NONE].
  int find(String piece) {
    return ids.find(piece);
  }

  /// The id of `piece` if it is text, or [#NONE]: what characters may be merged to.
  int findText(String piece) {
    int id = find(piece);
    return id != NONE && types[id].isText() ? id : NONE;
  }

  /// The id of the piece that `text` has from `start` to `end` if it is text, or [#NONE].
  int findText(String text, int start, int end) {
    int id = ids.find(text, start, end);
    return id != NONE && types[id].isText() ? id : NONE;
  }

  /// The token of one byte (0 to 255), or [#NONE].
  int byteId(int value) {
    return byteIds[value];
  }

  /// The byte (0 to 255) that the byte token `id` is.
  int byteValue(int id) {
    return byteOf(pieces[id]);
  }

  /// Makes `id` a control token. For opening only: what the file names as begin or end must not be
  /// spelled by a user, whatever its type says.
  void makeControl(int id) {
    types[id] = TokenType.CONTROL;
  }

  private int check(int id) {
    if (id < 0 || id >= pieces.length) {
      throw new IllegalArgumentException(
          "token id: expected 0 to %d, got %d".formatted(pieces.length - 1, id));
    }
    return id;
  }

  private void indexBytes() {
    Arrays.fill(byteIds, NONE);
    for (int value = 0; value < 256; value++) {
      int id = find("<0x" + hexDigit(value >> 4) + hexDigit(value & 15) + ">");
      // Fall back on the raw byte, as llama.cpp does.
      byteIds[value] = id != NONE ? id : findText(Utf8.decode(new byte[] {(byte) value}, 1));
    }
  }

  private static String[] pieces(Metadata metadata) {
    List<String> strings = metadata.strings(TokenizerKeys.TOKENS);
    if (strings.isEmpty()) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected at least one piece, got none"
              .formatted(metadata.source(), TokenizerKeys.TOKENS));
    }
    String[] pieces = strings.toArray(String[]::new);
    long textLength = 0;
    for (int id = 0; id < pieces.length; id++) {
      if (pieces[id].isEmpty()) {
        pieces[id] = "[EMPTY_" + id + "]"; // llama.cpp's name; real files have such holes
      } else if (pieces[id].length() > PIECE_LENGTH_MAX) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected pieces of at most %d characters, got %d at id %d"
                .formatted(
                    metadata.source(),
                    TokenizerKeys.TOKENS,
                    PIECE_LENGTH_MAX,
                    pieces[id].length(),
                    id));
      }
      textLength += pieces[id].length();
    }
    if (textLength > TEXT_LENGTH_MAX) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected pieces of at most %d characters together, got %d"
              .formatted(metadata.source(), TokenizerKeys.TOKENS, TEXT_LENGTH_MAX, textLength));
    }
    return pieces;
  }

  private static TokenType[] types(Metadata metadata, String[] pieces) {
    var types = new TokenType[pieces.length];
    if (!metadata.has(TokenizerKeys.TYPES)) {
      for (int id = 0; id < types.length; id++) {
        types[id] = byteOf(pieces[id]) >= 0 ? TokenType.BYTE : TokenType.NORMAL;
      }
      return types;
    }
    int[] ordinals = metadata.integers(TokenizerKeys.TYPES);
    requireLength(metadata, TokenizerKeys.TYPES, ordinals.length, pieces.length);
    for (int id = 0; id < types.length; id++) {
      if (ordinals[id] < 0 || ordinals[id] >= TokenType.COUNT) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected 0 to %d, got %d at id %d"
                .formatted(
                    metadata.source(), TokenizerKeys.TYPES, TokenType.COUNT - 1, ordinals[id], id));
      }
      types[id] = TokenType.of(ordinals[id]);
      if (types[id] == TokenType.BYTE && byteOf(pieces[id]) < 0) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected a byte token spelled '<0xNN>', got %s at id %d"
                .formatted(metadata.source(), TokenizerKeys.TOKENS, quote(pieces[id]), id));
      }
    }
    return types;
  }

  /// Refuses a table that has not one entry per piece.
  static void requireLength(Metadata metadata, String key, int length, int pieces) {
    if (length != pieces) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected %d entries, one per piece of '%s', got %d"
              .formatted(metadata.source(), key, pieces, TokenizerKeys.TOKENS, length));
    }
  }

  /// The value of `<0xNN>`, or -1 for any other spelling. Not `Integer.parseInt`: it takes signs.
  private static int byteOf(String piece) {
    if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
      return -1;
    }
    int high = digit(piece.charAt(3));
    int low = digit(piece.charAt(4));
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1; // Character.digit takes full-width digits
  }

  private static char hexDigit(int value) {
    return "0123456789ABCDEF".charAt(value);
  }

  /// A piece for a message: short, and without characters that would upset a terminal.
  private static String quote(String piece) {
    var out = new StringBuilder("'");
    piece
        .codePoints()
        .limit(40)
        .forEach(c -> {
          if (Character.isISOControl(c) || !Character.isDefined(c)) {
            out.append("\\u{").append(Integer.toHexString(c)).append('}');
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.append('\'').toString();
  }
}
