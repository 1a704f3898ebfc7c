// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.spi.TokenDecoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Joins the bytes of tokens to characters; at most three bytes wait for the rest of theirs.
final class Utf8TokenDecoder implements TokenDecoder {
  private static final int PENDING_MAX = 3;

  private final GgufTokenizer tokenizer;
  private final boolean renderControl;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final byte[] pending = new byte[PENDING_MAX];
  private int pendingCount;
  private boolean dropSpace;

  Utf8TokenDecoder(GgufTokenizer tokenizer, boolean renderControl) {
    this.tokenizer = tokenizer;
    this.renderControl = renderControl;
    this.dropSpace = tokenizer.addsSpacePrefix();
  }

  @Override
  public String next(int id) {
    byte[] bytes = tokenizer.bytes(id, renderControl);
    int skip = dropSpace && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
    if (tokenizer.addsSpaceAfter(id)) {
      skip = 0;
      dropSpace = true;
    } else if (bytes.length > 0) {
      dropSpace = false;
    }
    return decode(bytes, skip, false);
  }

  @Override
  public String finish() {
    String rest = decode(new byte[0], 0, true);
    pendingCount = 0;
    dropSpace = tokenizer.addsSpacePrefix();
    return rest;
  }

  private String decode(byte[] bytes, int skip, boolean end) {
    if (!end && bytes.length == skip) {
      return "";
    }
    ByteBuffer in = ByteBuffer.allocate(pendingCount + bytes.length - skip);
    in.put(pending, 0, pendingCount).put(bytes, skip, bytes.length - skip).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1); // a character has no fewer bytes
    utf8.reset().decode(in, out, end);
    pendingCount = in.remaining();
    in.get(pending, 0, pendingCount);
    return out.flip().toString();
  }
}
