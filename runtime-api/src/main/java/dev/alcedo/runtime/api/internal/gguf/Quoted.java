// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

/// Text from a file, fit to print in a message: short, and without control characters, which a
/// terminal would obey.
final class Quoted {
  private static final int LENGTH_MAX = 80;

  private Quoted() {}

  static String of(String text) {
    var out = new StringBuilder("'");
    int end = Math.min(text.length(), LENGTH_MAX);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      out.append(
          Character.isISOControl(c) || !isPrintable(c) ? "\\u%04x".formatted((int) c) : "" + c);
    }
    return out.append(end < text.length() ? "...'" : "'").toString();
  }

  private static boolean isPrintable(char c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
