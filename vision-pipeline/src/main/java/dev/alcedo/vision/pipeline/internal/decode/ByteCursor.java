// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.nio.charset.StandardCharsets;

/// Reads numbers from the bytes of a picture and never past a limit. Used by one thread.
final class ByteCursor {
  private final ImageFormat format;
  private final byte[] bytes;
  private final int end;
  private int offset;

  ByteCursor(ImageFormat format, byte[] bytes) {
    this(format, bytes, 0, bytes.length);
  }

  private ByteCursor(ImageFormat format, byte[] bytes, int offset, int end) {
    this.format = format;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  int offset() {
    return offset;
  }

  int remaining() {
    return end - offset;
  }

  /// The next `length` bytes as a cursor of their own; this one moves past them.
  ByteCursor sub(long length) {
    int start = take(length);
    return new ByteCursor(format, bytes, start, start + (int) length);
  }

  void skip(long length) {
    take(length);
  }

  int u8() {
    return bytes[take(1)] & 0xFF;
  }

  int u16be() {
    int at = take(2);
    return at(at) << 8 | at(at + 1);
  }

  int u16le() {
    int at = take(2);
    return at(at) | at(at + 1) << 8;
  }

  int u24le() {
    int at = take(3);
    return at(at) | at(at + 1) << 8 | at(at + 2) << 16;
  }

  long u32be() {
    int at = take(4);
    return (long) at(at) << 24 | at(at + 1) << 16 | at(at + 2) << 8 | at(at + 3);
  }

  long u32le() {
    return Integer.toUnsignedLong(i32le());
  }

  int i32le() {
    int at = take(4);
    return at(at) | at(at + 1) << 8 | at(at + 2) << 16 | at(at + 3) << 24;
  }

  /// The next four bytes as a chunk name, e.g. `IHDR`.
  String name() {
    int at = take(4);
    return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
  }

  /// Whether the bytes ahead are `text`; moves past them if so.
  boolean accept(String text) {
    if (remaining() < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (at(offset + i) != text.charAt(i)) {
        return false;
      }
    }
    offset += text.length();
    return true;
  }

  /// A complaint about the picture at the place reached.
  InvalidRequestException broken(String problem) {
    return new InvalidRequestException(
        "image: broken %s: %s, before byte %d".formatted(format, problem, offset));
  }

  /// A complaint about a picture that is in order but not for us.
  InvalidRequestException unsupported(String what, String remedy) {
    return new InvalidRequestException(
        "image: %s: %s is not supported: %s".formatted(format, what, remedy));
  }

  void require(boolean isTrue, String problem) {
    if (!isTrue) {
      throw broken(problem);
    }
  }

  private int take(long length) {
    if (length < 0 || length > remaining()) {
      throw new InvalidRequestException(
          "image: truncated %s: expected %d bytes at byte %d, got %d: is the file complete?"
              .formatted(format, length, offset, remaining()));
    }
    int start = offset;
    offset += (int) length;
    return start;
  }

  private int at(int index) {
    return bytes[index] & 0xFF;
  }
}
