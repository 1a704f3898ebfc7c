// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.EOFException;
import java.io.IOException;

/// Bits from bytes, the lowest first (RFC 9649, section 3.1).
final class BitReader {
  private final byte[] bytes;
  private final int end;
  private int offset;
  private long buffer;
  private int held;

  BitReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    end = offset + length;
  }

  /// The next `count` bits, 0 to 24.
  int bits(int count) throws IOException {
    while (held < count) {
      if (offset >= end) {
        throw new EOFException("the picture data ends early");
      }
      buffer |= (bytes[offset++] & 255L) << held;
      held += 8;
    }
    int result = (int) (buffer & (1L << count) - 1);
    buffer >>>= count;
    held -= count;
    return result;
  }

  boolean flag() throws IOException {
    return bits(1) == 1;
  }
}
