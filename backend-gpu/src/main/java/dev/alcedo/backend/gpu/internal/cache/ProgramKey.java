// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a compiled program was compiled from: everything that another result could come of.
///
/// @param hex SHA-256 of it, 64 digits
public record ProgramKey(String hex) {
  /// The key of these texts; which one a character belongs to makes a difference.
  ///
  /// @param device platform, device and driver with their versions
  /// @param options of the compiler
  public static ProgramKey of(String device, String options, String source) {
    MessageDigest digest = sha256();
    for (String part : new String[] {ProgramFiles.FORMAT, device, options, source}) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      digest.update(bytes);
    }
    return new ProgramKey(HexFormat.of().formatHex(digest.digest()));
  }

  /// A number of this key's own, never 0, that a program can be asked for.
  public int number() {
    return Integer.parseUnsignedInt(hex, 0, 8, 16) | 1;
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
