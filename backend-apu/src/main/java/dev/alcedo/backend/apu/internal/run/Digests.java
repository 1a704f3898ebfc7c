// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What names and checks files.
final class Digests {
  private static final int PART_BYTES = 1 << 16;

  private Digests() {}

  /// Feeds memory of any kind and size.
  static void update(MessageDigest digest, MemorySegment memory) {
    var part = new byte[(int) Math.min(memory.byteSize(), PART_BYTES)];
    for (long at = 0; at < memory.byteSize(); at += part.length) {
      int length = (int) Math.min(part.length, memory.byteSize() - at);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, part, 0, length);
      digest.update(part, 0, length);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
