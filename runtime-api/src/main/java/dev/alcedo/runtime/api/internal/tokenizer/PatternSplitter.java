// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts text into the matches of an expression and what lies between them. Classes go by code point
/// and `\s` is Unicode's `White_Space`.
///
/// Every unbounded repetition must be of one character class, which `java.util.regex` runs as a
/// loop: no text is long enough to overflow the stack.
final class PatternSplitter implements Splitter {
  private final Pattern pattern;

  PatternSplitter(String expression) {
    pattern = Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS);
  }

  @Override
  public void split(String text, int start, int end, Spans out) {
    // Opaque region bounds: what lies outside the part is not seen, not even by a look-ahead.
    Matcher matcher = pattern.matcher(text).region(start, end);
    int at = start;
    while (matcher.find()) {
      if (matcher.start() > at) {
        out.add(at, matcher.start());
      }
      if (matcher.end() > matcher.start()) {
        out.add(matcher.start(), matcher.end());
      }
      at = matcher.end();
    }
    if (at < end) {
      out.add(at, end);
    }
  }
}
