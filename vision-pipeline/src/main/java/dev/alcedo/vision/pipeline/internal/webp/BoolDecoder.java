// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;

/// VP8's arithmetic decoder (RFC 6386, section 7). Reads zeros beyond its end, as libwebp does.
final class BoolDecoder {
  private final byte[] bytes;
  private final int end;
  private int offset;
  private int range = 255;
  private int value;
  private int bitCount;

  BoolDecoder(byte[] bytes, int offset, int end) throws IOException {
    if (offset < 0 || offset > end || end > bytes.length) {
      throw new IOException("a partition lies outside the frame");
    }
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    value = next() << 8 | next();
  }

  /// The next bit, which is 0 with probability `probability / 256`.
  boolean bit(int probability) {
    int split = 1 + ((range - 1) * probability >> 8);
    boolean isSet = value >= split << 8;
    if (isSet) {
      range -= split;
      value -= split << 8;
    } else {
      range = split;
    }
    while (range < 128) {
      range <<= 1;
      value <<= 1;
      if (++bitCount == 8) {
        bitCount = 0;
        value |= next();
      }
    }
    return isSet;
  }

  /// The next bit as a number.
  int one(int probability) {
    return bit(probability) ? 1 : 0;
  }

  boolean flag() {
    return bit(128);
  }

  /// `count` bits, the highest first.
  int bits(int count) {
    int result = 0;
    for (int i = 0; i < count; i++) {
      result = result << 1 | one(128);
    }
    return result;
  }

  /// A flag, then if set `count` bits and a sign; else 0.
  int optionalSigned(int count) {
    if (!flag()) {
      return 0;
    }
    int magnitude = bits(count);
    return flag() ? -magnitude : magnitude;
  }

  private int next() {
    return offset < end ? bytes[offset++] & 255 : 0;
  }
}
