// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What names and checks files.
final class Digests {
  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
