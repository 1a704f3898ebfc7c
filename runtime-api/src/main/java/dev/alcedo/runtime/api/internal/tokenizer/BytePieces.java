// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// GPT-2's way to write bytes as visible characters: printable Latin-1 stands for itself, the
/// others follow from U+0100 on in byte order (space is `Ġ`). From `bytes_to_unicode` in OpenAI's
/// GPT-2 `encoder.py`.
final class BytePieces {
  private static final char[] CHARS = chars();
  private static final short[] BYTES = bytes();

  private BytePieces() {}

  /// The character of a byte (0 to 255).
  static char charOf(int value) {
    return CHARS[value];
  }

  /// `text` with every byte of its UTF-8 written as a character.
  static String spell(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    var out = new char[utf8.length];
    for (int i = 0; i < utf8.length; i++) {
      out[i] = CHARS[utf8[i] & 0xff];
    }
    return new String(out);
  }

  /// The byte (0 to 255) that a character stands for, or -1.
  static int byteOf(char c) {
    return c < BYTES.length ? BYTES[c] : -1;
  }

  /// The bytes that `piece` stands for; characters that stand for none are taken as they are.
  static byte[] bytesOf(String piece) {
    var out = new ByteArrayOutputStream(piece.length());
    for (int i = 0; i < piece.length(); ) {
      int codePoint = piece.codePointAt(i);
      int value = codePoint < BYTES.length ? BYTES[codePoint] : -1;
      if (value >= 0) {
        out.write(value);
      } else {
        out.writeBytes(Utf8.encode(Character.toString(codePoint)));
      }
      i += Character.charCount(codePoint);
    }
    return out.toByteArray();
  }

  private static char[] chars() {
    var chars = new char[256];
    int next = 256;
    for (int value = 0; value < 256; value++) {
      boolean visible = value > ' ' && value < 0x7f || value > 0xa0 && value != 0xad;
      chars[value] = (char) (visible ? value : next++);
    }
    return chars;
  }

  private static short[] bytes() {
    var bytes = new short[512];
    Arrays.fill(bytes, (short) -1);
    for (int value = 0; value < 256; value++) {
      bytes[CHARS[value]] = (short) value;
    }
    return bytes;
  }
}
