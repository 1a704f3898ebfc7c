// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// Finds texts in texts in time that grows with their lengths, not with the product: Java's own
/// search takes hours for `aaa...ab` in `aaa...a`.
final class Search {
  /// Java's search is fine up to here.
  private static final int SHORT = 32;

  private Search() {}

  /// The first place of `part` from `start` on, or -1.
  static int first(String all, String part, int start) {
    return part.length() <= SHORT ? all.indexOf(part, start) : find(all, part, start, false);
  }

  /// The last place of `part` that ends at `end` or before, or -1.
  static int last(String all, String part, int end) {
    int from = end - part.length();
    return part.length() <= SHORT
        ? all.lastIndexOf(part, from)
        : find(all.substring(0, end), part, 0, true);
  }

  /// Knuth, Morris and Pratt's: how much of `part` is behind us is known without going back.
  private static int find(String all, String part, int start, boolean isLast) {
    if (part.length() > all.length() - start) {
      return -1;
    }
    int[] borders = borders(part);
    int found = -1;
    int matched = 0;
    for (int i = start; i < all.length(); i++) {
      while (matched > 0 && all.charAt(i) != part.charAt(matched)) {
        matched = borders[matched - 1];
      }
      matched += all.charAt(i) == part.charAt(matched) ? 1 : 0;
      if (matched == part.length()) {
        found = i + 1 - matched;
        if (!isLast) {
          return found;
        }
        matched = borders[matched - 1];
      }
    }
    return found;
  }

  /// For each beginning of `part`, how long its longest proper border is.
  private static int[] borders(String part) {
    int[] borders = new int[part.length()];
    int length = 0;
    for (int i = 1; i < part.length(); i++) {
      while (length > 0 && part.charAt(i) != part.charAt(length)) {
        length = borders[length - 1];
      }
      length += part.charAt(i) == part.charAt(length) ? 1 : 0;
      borders[i] = length;
    }
    return borders;
  }
}
