// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// White space as Python sees it.
final class Spaces {
  private Spaces() {}

  static boolean isSpace(int c) {
    return c == ' '
        || c >= '\t' && c <= '\r'
        || c >= 0x1C && c <= 0x1F
        || c == 0x85
        || c == 0xA0
        || c > 0xFF && (Character.isSpaceChar(c));
  }

  /// Whether a line ends with `c`, for `splitlines`.
  static boolean isLineBreak(int c) {
    return c >= '\n' && c <= '\r'
        || c >= 0x1C && c <= 0x1E
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }
}
