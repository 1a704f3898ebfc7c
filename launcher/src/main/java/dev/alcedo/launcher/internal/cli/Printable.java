// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

/// Text that came from files or models, made safe to show: no control character reaches a terminal.
final class Printable {
  private static final char SUBSTITUTE = '\ufffd';

  private Printable() {}

  /// `text` with control characters replaced, line breaks and tabs kept.
  static String text(String text) {
    return replace(text, true);
  }

  /// `text` as one line.
  static String line(String text) {
    return replace(text.strip().replaceAll("\\s*\\R\\s*", "; ").replace('\t', ' '), false);
  }

  private static String replace(String text, boolean keepsLines) {
    if (text.chars().noneMatch(c -> isUnsafe(c, keepsLines))) {
      return text;
    }
    var out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append(isUnsafe(c, keepsLines) ? SUBSTITUTE : (char) c));
    return out.toString();
  }

  private static boolean isUnsafe(int c, boolean keepsLines) {
    return Character.isISOControl(c) && !(keepsLines && (c == '\n' || c == '\t'));
  }
}
