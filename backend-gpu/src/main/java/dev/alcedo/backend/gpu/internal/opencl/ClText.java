// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import java.nio.charset.StandardCharsets;

/// Strings from drivers. They go to people's terminals, so nothing but text may remain.
final class ClText {
  private ClText() {}

  /// The bytes up to the first NUL.
  static String of(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return clean(new String(bytes, 0, length, StandardCharsets.UTF_8));
  }

  /// Control characters and runs of blanks become one blank; none at the ends.
  static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
  }
}
