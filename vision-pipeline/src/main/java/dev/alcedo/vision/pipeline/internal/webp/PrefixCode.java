// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;
import java.util.Arrays;

/// A canonical prefix code (RFC 9649, section 3.7.2). Holds the coded symbols only, so that memory
/// stays in proportion to the file.
final class PrefixCode {
  private static final int LENGTH_MAX = 15;
  private static final int[] ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /// Codes of each length.
  private final int[] counts = new int[LENGTH_MAX + 1];

  /// By length, then by value.
  private final int[] symbols;

  /// @param lengths of each symbol's code, 0 for symbols without
  private PrefixCode(int[] lengths) throws IOException {
    for (int length : lengths) {
      counts[length]++;
    }
    int symbolCount = lengths.length - counts[0];
    counts[0] = 0;
    symbols = new int[symbolCount];
    var next = new int[LENGTH_MAX + 2];
    int open = 1;
    for (int length = 1; length <= LENGTH_MAX; length++) {
      open = open * 2 - counts[length];
      if (open < 0) {
        throw new IOException("a prefix code has too many symbols");
      }
      next[length + 1] = next[length] + counts[length];
    }
    if (symbolCount == 0 || symbolCount > 1 && open != 0) {
      throw new IOException("a prefix code is incomplete");
    }
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        symbols[next[lengths[symbol]]++] = symbol;
      }
    }
  }

  /// Reads the description of a code over `alphabetSize` symbols.
  static PrefixCode read(BitReader in, int alphabetSize) throws IOException {
    if (in.flag()) {
      return new PrefixCode(simple(in, alphabetSize));
    }
    var metaLengths = new int[ORDER.length];
    int metaCount = 4 + in.bits(4);
    for (int i = 0; i < metaCount; i++) {
      metaLengths[ORDER[i]] = in.bits(3);
    }
    return new PrefixCode(lengths(in, new PrefixCode(metaLengths), alphabetSize));
  }

  /// The next symbol; a code of one symbol takes no bits.
  int next(BitReader in) throws IOException {
    if (symbols.length == 1) {
      return symbols[0];
    }
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= LENGTH_MAX; length++) {
      code |= in.bits(1);
      int count = counts[length];
      if (code - first < count) {
        return symbols[index + code - first];
      }
      index += count;
      first = first + count << 1;
      code <<= 1;
    }
    throw new IOException("no such prefix code");
  }

  /// One or two symbols of one bit.
  private static int[] simple(BitReader in, int alphabetSize) throws IOException {
    var lengths = new int[alphabetSize];
    int count = 1 + in.bits(1);
    int bits = in.flag() ? 8 : 1;
    for (int i = 0; i < count; i++) {
      int symbol = in.bits(i == 0 ? bits : 8);
      if (symbol >= alphabetSize) {
        throw new IOException("a prefix code has symbol %d of %d".formatted(symbol, alphabetSize));
      }
      lengths[symbol] = 1;
    }
    return lengths;
  }

  private static int[] lengths(BitReader in, PrefixCode meta, int alphabetSize) throws IOException {
    int left = alphabetSize;
    if (in.flag()) {
      int bits = 2 + 2 * in.bits(3);
      left = 2 + in.bits(bits);
    }
    var lengths = new int[alphabetSize];
    int previous = 8;
    int at = 0;
    while (at < alphabetSize && left-- > 0) {
      int symbol = meta.next(in);
      if (symbol < 16) {
        lengths[at++] = symbol;
        previous = symbol == 0 ? previous : symbol;
        continue;
      }
      int repeat =
          switch (symbol) {
            case 16, 17 -> 3 + in.bits(symbol == 16 ? 2 : 3);
            default -> 11 + in.bits(7);
          };
      if (repeat > alphabetSize - at) {
        throw new IOException("a prefix code has more than %d symbols".formatted(alphabetSize));
      }
      Arrays.fill(lengths, at, at + repeat, symbol == 16 ? previous : 0);
      at += repeat;
    }
    return lengths;
  }
}
