// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;

/// Lossless strings for bytes that are nearly always UTF-8: a byte `b` that belongs to no valid
/// sequence becomes the lone surrogate `U+DC00 + b` (as Python's `surrogateescape` does), so that
/// vocabularies with raw bytes keep their tokens distinct. Valid UTF-8 never decodes to that.
public final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';
  private static final int ESCAPE_BASE = 0xDC00;

  private Utf8() {}

  /// The string that the first `length` bytes spell, invalid ones escaped.
  public static String decode(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, UTF_8);
    // The fast decoder marks what is invalid with U+FFFD; only such strings are looked at again.
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeEscaping(bytes, length);
  }

  /// The bytes that [#decode] made `text` of.
  public static byte[] encode(String text) {
    if (isValid(text)) {
      return text.getBytes(UTF_8);
    }
    var out = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (isEscape(point)) {
        out.write(point - ESCAPE_BASE);
      } else {
        out.writeBytes(Character.toString(point).getBytes(UTF_8));
      }
      i += Character.charCount(point);
    }
    return out.toByteArray();
  }

  /// Whether `text` holds no escaped byte, i.e. was decoded from valid UTF-8.
  public static boolean isValid(String text) {
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (isEscape(point)) {
        return false;
      }
      i += Character.charCount(point);
    }
    return true;
  }

  private static boolean isEscape(int point) {
    return point >= ESCAPE_BASE + 0x80 && point <= ESCAPE_BASE + 0xFF;
  }

  private static String decodeEscaping(byte[] bytes, int length) {
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes, 0, length);
    var out = CharBuffer.allocate(length); // never more chars than bytes
    while (true) {
      var result = decoder.decode(in, out, true);
      if (result.isUnderflow()) {
        return out.flip().toString();
      }
      for (int i = result.length(); i > 0; i--) {
        out.put((char) (ESCAPE_BASE + (in.get() & 0xFF)));
      }
      decoder.reset();
    }
  }
}
