// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

import java.util.ArrayList;
import java.util.List;

/// Whole numbers from a minimum to a maximum, as a grammar of their digits.
final class IntegerRange {
  /// Largest number either way: what a double holds exactly, rounded to whole digits.
  static final long LIMIT = 999_999_999_999_999L;

  private IntegerRange() {}

  /// The expression.
  ///
  /// @param min at least `-LIMIT`
  /// @param max at least `min`, at most `LIMIT`
  static String of(long min, long max) {
    List<String> options = new ArrayList<>();
    if (min < 0) {
      options.add("\"-\" " + positive(Math.max(1, -max), -min));
    }
    if (max >= 0) {
      options.add(positive(Math.max(0, min), max));
    }
    return Gbnf.anyOf(options);
  }

  private static String positive(long min, long max) {
    List<String> options = new ArrayList<>();
    long low = min;
    while (low <= max) {
      long high = Math.min(max, lastOfLength(low));
      options.add(digits(String.valueOf(low), String.valueOf(high)));
      low = high + 1;
    }
    return Gbnf.anyOf(options);
  }

  private static long lastOfLength(long number) {
    long last = 9;
    while (last < number) {
      last = last * 10 + 9;
    }
    return last;
  }

  /// Numbers of the same length.
  private static String digits(String min, String max) {
    if (min.isEmpty()) {
      return "\"\"";
    }
    char low = min.charAt(0);
    char high = max.charAt(0);
    String minRest = min.substring(1);
    String maxRest = max.substring(1);
    if (low == high) {
      return minRest.isEmpty() ? one(low, high) : one(low, high) + " " + digits(minRest, maxRest);
    }
    int rest = minRest.length();
    List<String> options = new ArrayList<>();
    if (rest > 0 && !minRest.equals("0".repeat(rest))) {
      options.add(one(low, low) + " " + digits(minRest, "9".repeat(rest)));
      low++;
    }
    String last = "";
    if (rest > 0 && !maxRest.equals("9".repeat(rest))) {
      last = one(high, high) + " " + digits("0".repeat(rest), maxRest);
      high--;
    }
    if (low <= high) {
      options.add(one(low, high) + (rest == 0 ? "" : " [0-9]{%d}".formatted(rest)));
    }
    if (!last.isEmpty()) {
      options.add(last);
    }
    return Gbnf.anyOf(options);
  }

  private static String one(char low, char high) {
    return low == high ? "\"" + low + "\"" : "[" + low + "-" + high + "]";
  }
}
