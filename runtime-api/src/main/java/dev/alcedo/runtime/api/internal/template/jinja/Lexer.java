// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import dev.alcedo.runtime.api.internal.template.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Cuts a template into tokens the way Jinja2 does with `trim_blocks` and `lstrip_blocks`, as the
/// transformers library sets it up: the line break behind a block or comment is gone, and so is the
/// white space before one at the beginning of a line; `-` strips all, `+` nothing; one line break
/// at the very end is dropped.
final class Lexer {
  private static final String WIDE_OPERATORS = "// ** == != >= <=";
  private static final String OPERATORS = "+-/*%~[](){}<>=.:|,;";

  private final Run run;
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  // Whether only a line break, or nothing, came before.
  private boolean isLineStart = true;

  private Lexer(Run run, String source) {
    this.run = run;
    this.source = source;
  }

  /// The tokens of a template, the last of them [Kind#END].
  static List<Token> tokens(Run run, String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    var lexer = new Lexer(run, source);
    lexer.readAll();
    return lexer.tokens;
  }

  private void readAll() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        data(at, source.length());
        break;
      }
      char kind = source.charAt(tag + 1);
      boolean isRaw = kind == '%' && rawEnd(tag, "raw") >= 0;
      dataBefore(tag, kind != '{');
      switch (kind) {
        case '#' -> comment(tag);
        case '%' -> {
          if (isRaw) {
            raw(tag);
          } else {
            code(tag, "%}", Kind.BLOCK_BEGIN, Kind.BLOCK_END);
          }
        }
        default -> code(tag, "}}", Kind.PRINT_BEGIN, Kind.PRINT_END);
      }
      isLineStart = source.charAt(at - 1) == '\n';
    }
    add(Kind.END, "");
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /// Text up to a tag, stripped as the tag's sign and kind ask.
  private void dataBefore(int tag, boolean isStripping) {
    int end = tag;
    char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    if (sign == '-') {
      while (end > at && Spaces.isSpace(source.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && isStripping) {
      int start = end;
      while (start > at
          && source.charAt(start - 1) != '\n'
          && Spaces.isSpace(source.charAt(start - 1))) {
        start--;
      }
      boolean isFirstOfLine =
          start > at ? source.charAt(start - 1) == '\n' : start < end && isLineStart;
      end = isFirstOfLine ? start : end;
    }
    data(at, end);
    count(end, tag);
    at = tag;
  }

  private void data(int start, int end) {
    if (start < end) {
      add(Kind.DATA, source.substring(start, end));
      count(start, end);
    }
    at = end;
  }

  private void count(int start, int end) {
    for (int i = start; i < end; i++) {
      line += source.charAt(i) == '\n' ? 1 : 0;
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  /// Behind an end tag at `end`: white space gone after `-`, one line break after block or comment.
  private void goBehind(int end, char sign, boolean isTrimming) {
    int stop = end;
    if (sign == '-') {
      while (stop < source.length() && Spaces.isSpace(source.charAt(stop))) {
        stop++;
      }
    } else if (sign != '+' && isTrimming && stop < source.length() && source.charAt(stop) == '\n') {
      stop++;
    }
    count(at, stop);
    at = stop;
  }

  private void comment(int tag) {
    int end = source.indexOf("#}", tag + 2);
    if (end < 0) {
      throw fail("a comment '{#' without '#}'");
    }
    goBehind(end + 2, end > tag + 2 ? source.charAt(end - 1) : ' ', true);
  }

  /// Where `{% raw %}` or `{% endraw %}` at `tag` ends, or -1 if it is not that.
  private int rawEnd(int tag, String name) {
    int i = tag + 2;
    if (i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+')) {
      i++;
    }
    i = skipSpaces(i);
    if (!source.startsWith(name, i)) {
      return -1;
    }
    i = skipSpaces(i + name.length());
    if (i < source.length()
        && (source.charAt(i) == '-' || source.charAt(i) == '+' && name.length() > 3)) {
      i++;
    }
    return source.startsWith("%}", i) ? i + 2 : -1;
  }

  private int skipSpaces(int from) {
    int i = from;
    while (i < source.length() && Spaces.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  private void raw(int tag) {
    int begin = rawEnd(tag, "raw");
    goBehind(begin, source.charAt(begin - 3), false);
    isLineStart = source.charAt(at - 1) == '\n';
    for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 2)) {
      int end = rawEnd(i, "endraw");
      if (end >= 0) {
        dataBefore(i, true);
        goBehind(end, source.charAt(end - 3), true);
        return;
      }
    }
    throw fail("'{% raw %}' without '{% endraw %}'");
  }

  private void code(int tag, String close, Kind begin, Kind end) {
    add(begin, source.substring(tag, tag + 2));
    at = tag + 2;
    if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
      at++;
    }
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      int start = skipSpaces(at);
      count(at, start);
      at = start;
      if (at >= source.length()) {
        throw fail("'%s' without '%s'".formatted(source.substring(tag, tag + 2), close));
      }
      char c = source.charAt(at);
      if (open.isEmpty()) {
        boolean isSigned =
            (c == '-' || c == '+' && close.equals("%}")) && source.startsWith(close, at + 1);
        if (isSigned || source.startsWith(close, at)) {
          add(end, close);
          goBehind(at + (isSigned ? 3 : 2), isSigned ? c : ' ', end == Kind.BLOCK_END);
          return;
        }
      }
      token(c, open);
    }
  }

  private void token(char c, Deque<Character> open) {
    if (c == '"' || c == '\'') {
      string(c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c)
        || c == '_') {
      int end = at;
      while (end < source.length()
          && (Character.isUnicodeIdentifierPart(source.charAt(end)) || source.charAt(end) == '_')) {
        end++;
      }
      add(Kind.NAME, source.substring(at, end));
      at = end;
    } else {
      operator(c, open);
    }
  }

  private void operator(char c, Deque<Character> open) {
    if (at + 1 < source.length()) {
      String two = source.substring(at, at + 2);
      if (two.indexOf(' ') < 0 && WIDE_OPERATORS.contains(two)) {
        add(Kind.OPERATOR, two);
        at += 2;
        return;
      }
    }
    if (OPERATORS.indexOf(c) < 0) {
      throw fail("an unexpected character '%s'".formatted(Shown.name(String.valueOf(c))));
    }
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != c) {
          throw fail("a '%s' that closes nothing".formatted(c));
        }
      }
      default -> {}
    }
    add(Kind.OPERATOR, String.valueOf(c));
    at++;
  }

  private void number() {
    int end = at;
    int base = 10;
    if (source.charAt(at) == '0' && at + 1 < source.length()) {
      base =
          switch (source.charAt(at + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
          };
    }
    if (base != 10) {
      end = digits(at + 2, base);
      String digits = source.substring(at + 2, end).replace("_", "");
      add(Kind.INTEGER, parse(digits, base));
      at = end;
      return;
    }
    end = digits(at, 10);
    boolean isReal = false;
    if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
      isReal = true;
      end = digits(end + 1, 10);
    }
    if (end < source.length() && (source.charAt(end) | 0x20) == 'e') {
      int exponent = end + 1;
      if (exponent < source.length() && "+-".indexOf(source.charAt(exponent)) >= 0) {
        exponent++;
      }
      if (isDigit(exponent)) {
        isReal = true;
        end = digits(exponent, 10);
      }
    }
    String digits = source.substring(at, end).replace("_", "");
    add(isReal ? Kind.FLOAT : Kind.INTEGER, isReal ? digits : parse(digits, 10));
    at = end;
  }

  private String parse(String digits, int base) {
    try {
      return Long.toString(Long.parseLong(digits, base));
    } catch (NumberFormatException e) {
      throw fail("an integer out of range: " + Shown.name(digits));
    }
  }

  private boolean isDigit(int i) {
    return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
  }

  private int digits(int from, int base) {
    int i = from;
    while (i < source.length()
        && (source.charAt(i) == '_'
            || source.charAt(i) < 128 && Character.digit(source.charAt(i), base) >= 0)) {
      i++;
    }
    return i;
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw fail("a string without its closing " + quote);
    }
    add(Kind.STRING, Escapes.resolve(run, line, source.substring(at + 1, end)));
    count(at, end);
    at = end + 1;
  }

  private RuntimeException fail(String problem) {
    run.at(line);
    return run.fail(problem);
  }
}
