// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// The escapes of Python's string literals; unknown ones stand for themselves.
final class Escapes {
  private Escapes() {}

  static String resolve(Run run, int line, String literal) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    var out = new StringBuilder(literal.length());
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i++);
      if (c != '\\' || i == literal.length()) {
        out.append(c);
        continue;
      }
      char kind = literal.charAt(i++);
      switch (kind) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(kind);
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'v' -> out.append('\u000B');
        case 'x' -> i = hexadecimal(run, line, literal, i, 2, out);
        case 'u' -> i = hexadecimal(run, line, literal, i, 4, out);
        case 'U' -> i = hexadecimal(run, line, literal, i, 8, out);
        default -> {
          if (kind >= '0' && kind <= '7') {
            int end = i;
            while (end < literal.length()
                && end < i + 2
                && literal.charAt(end) >= '0'
                && literal.charAt(end) <= '7') {
              end++;
            }
            out.appendCodePoint(Integer.parseInt(literal, i - 1, end, 8));
            i = end;
          } else {
            out.append('\\').append(kind);
          }
        }
      }
    }
    return out.toString();
  }

  private static int hexadecimal(
      Run run, int line, String literal, int start, int digits, StringBuilder out) {
    int value = 0;
    for (int i = start; i < start + digits; i++) {
      int digit = i < literal.length() ? Character.digit(literal.charAt(i), 16) : -1;
      if (digit < 0 || value > 0x10FFFF) {
        value = -1;
        break;
      }
      value = 16 * value + digit;
    }
    if (value < 0 || value > 0x10FFFF) {
      run.at(line);
      throw run.fail(
          "a string with a broken escape: expected %d hexadecimal digits of a character"
              .formatted(digits));
    }
    out.appendCodePoint(value);
    return start + digits;
  }
}
