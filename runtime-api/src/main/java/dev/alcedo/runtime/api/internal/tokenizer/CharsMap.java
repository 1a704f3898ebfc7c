// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import java.util.Arrays;

/// SentencePiece's normalisation (`tokenizer.ggml.precompiled_charsmap`): which sequences of bytes
/// are replaced by which others, the longest first. The table is a double-array trie with XORed
/// offsets (Kanda, "Space- and Time-Efficient String Dictionaries", 2018), 32 bits a unit:
///
/// | bits | meaning |
/// |---|---|
/// | 0-7, 31 | the byte that leads to this unit |
/// | 8 | a replacement exists; the unit at the offset holds its place in the text behind the trie |
/// | 9 | the offset is to be shifted by 8 |
/// | 10-30 | offset |
///
/// Files are hostile: units outside the table, replacements without an end or longer than any real
/// one are refused when text meets them, and no sequence is followed further than [#KEY_LENGTH_MAX]
/// bytes.
final class CharsMap {
  /// The longest sequence of SentencePiece's own tables has a third of that.
  private static final int KEY_LENGTH_MAX = 64;

  /// The longest replacement of SentencePiece's own tables (of U+FDFA) has 33 bytes.
  private static final int REPLACEMENT_LENGTH_MAX = 128;

  private static final int HEADER_BYTES = 4;

  private final String source;
  private final int[] units;
  private final byte[] replacements;

  /// The sequence found last: its length, 0 for none, and where its replacement begins.
  record Match(int length, int replacement) {
    static final Match NONE = new Match(0, 0);
  }

  private CharsMap(String source, int[] units, byte[] replacements) {
    this.source = source;
    this.units = units;
    this.replacements = replacements;
  }

  /// Reads the table; one without entries where the file has none.
  ///
  /// @throws ModelFormatException if it is no array of bytes or shorter than it says
  static CharsMap of(Metadata metadata) {
    if (!metadata.has(TokenizerKeys.CHARS_MAP)) {
      return new CharsMap(metadata.source(), new int[0], new byte[0]);
    }
    byte[] bytes = bytes(metadata);
    long trieBytes = bytes.length < HEADER_BYTES ? 0 : unit(bytes, 0) & 0xffff_ffffL;
    if (bytes.length < HEADER_BYTES || HEADER_BYTES + trieBytes >= bytes.length) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected a trie of %d bytes and the replacements, got %d bytes"
              .formatted(metadata.source(), TokenizerKeys.CHARS_MAP, trieBytes, bytes.length));
    }
    var units = new int[(int) trieBytes / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = unit(bytes, HEADER_BYTES + 4 * i);
    }
    int start = HEADER_BYTES + (int) trieBytes;
    return new CharsMap(metadata.source(), units, Arrays.copyOfRange(bytes, start, bytes.length));
  }

  /// The longest sequence that `text` has at `start`.
  Match find(byte[] text, int start) {
    Match longest = Match.NONE;
    if (units.length == 0) {
      return longest;
    }
    int node = offset(0);
    int end = Math.min(text.length, start + KEY_LENGTH_MAX);
    for (int at = start; at < end && text[at] != 0; at++) {
      int label = text[at] & 0xff;
      node ^= label;
      int unit = unit(node);
      if ((unit & 0x8000_00ff) != label) {
        break;
      }
      node ^= offset(node);
      if ((unit >>> 8 & 1) != 0) {
        longest = new Match(at - start + 1, unit(node) & 0x7fff_ffff);
      }
    }
    return longest;
  }

  /// Adds the replacement of a match to `out`.
  ///
  /// @throws ModelFormatException if it lies outside the table, has no end or is too long
  void replace(Match match, NormalizedText out) {
    int start = match.replacement();
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    if (end >= replacements.length || end - start > REPLACEMENT_LENGTH_MAX) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected replacements of at most %d bytes that end with 0,"
                  .formatted(source, TokenizerKeys.CHARS_MAP, REPLACEMENT_LENGTH_MAX)
              + " got none such at byte %d of %d".formatted(start, replacements.length));
    }
    for (int i = start; i < end; i++) {
      out.add(replacements[i]);
    }
  }

  private int offset(int node) {
    int unit = unit(node);
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private int unit(int node) {
    if (node < 0 || node >= units.length) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected a trie within its %d units, got a way to unit %s"
              .formatted(
                  source, TokenizerKeys.CHARS_MAP, units.length, Integer.toUnsignedString(node)));
    }
    return units[node];
  }

  private static byte[] bytes(Metadata metadata) {
    int[] values = metadata.integers(TokenizerKeys.CHARS_MAP);
    var bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      if (values[i] < Byte.MIN_VALUE || values[i] > 0xff) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected bytes, got %d at %d"
                .formatted(metadata.source(), TokenizerKeys.CHARS_MAP, values[i], i));
      }
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static int unit(byte[] bytes, int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }
}
