// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// Words of a template in messages: short, on one line.
final class Shown {
  private static final int LENGTH_MAX = 60;

  private Shown() {}

  /// A name or operator.
  static String name(String name) {
    return text(name, LENGTH_MAX);
  }

  /// What a template says when it refuses.
  static String message(String text) {
    return text(text, 4 * LENGTH_MAX);
  }

  private static String text(String text, int max) {
    var out = new StringBuilder();
    int stop = Math.min(text.length(), max);
    for (int i = 0; i < stop; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? ' ' : c);
    }
    return text.length() > max ? out + "..." : out.toString();
  }
}
