// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.Random;

/// Random valid Unicode text, from plain words to anything that may be assigned or not.
final class RandomText {
  private static final String[] WORDS = {
    "the", " of", "Hello", "'s", "I'LL", " 2026", "  ", "\n", "\r\n", "\t", "é", "ü", "東京", "한국",
    "नमस्ते", "🐦", "👨‍👩‍👧", "e\u0301", "½", "\u00a0", "\u3000", "!", "...", "<", "|", ">", "<|",
        "0x41",
  };

  private RandomText() {}

  /// Up to `lengthMax` characters or words; never U+2581, which SentencePiece reads as a space.
  static String of(Random random, int lengthMax) {
    var text = new StringBuilder();
    int length = random.nextInt(lengthMax + 1);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(6)) {
        case 0 -> text.append((char) (32 + random.nextInt(95)));
        case 1 -> text.appendCodePoint(codePoint(random, 0x800));
        case 2 -> text.appendCodePoint(codePoint(random, 0x10000));
        case 3 -> text.appendCodePoint(codePoint(random, 0x110000));
        default -> text.append(WORDS[random.nextInt(WORDS.length)]);
      }
    }
    return text.toString();
  }

  private static int codePoint(Random random, int limit) {
    while (true) {
      int point = random.nextInt(limit);
      if (point != '▁' && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)) {
        return point;
      }
    }
  }
}
