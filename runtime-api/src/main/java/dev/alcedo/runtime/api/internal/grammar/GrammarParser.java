// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads GBNF, the notation of llama.cpp's grammars: `name ::= expression` with texts in quotes,
/// classes in brackets, `.` for any character, names of rules, `|`, parentheses, and `*`, `+`, `?`,
/// `{m}`, `{m,}`, `{m,n}` behind what they repeat. `#` begins a comment. A rule ends where the next
/// begins; `root` is where answers begin.
final class GrammarParser {
  private static final int DEPTH_MAX = 64;
  private static final int RULE_COUNT_MAX = 10_000;
  private static final int REPEAT_MAX = 2_000;

  private final String text;
  private final Map<String, Expr> rules = new LinkedHashMap<>();
  private int at;
  private int depth;

  private GrammarParser(String text) {
    this.text = text;
  }

  /// The rules by name.
  ///
  /// @throws InvalidRequestException naming line and column
  static Map<String, Expr> parse(String text) {
    return new GrammarParser(text).parse();
  }

  private Map<String, Expr> parse() {
    skip();
    while (at < text.length()) {
      int start = at;
      String name = name();
      skip();
      if (!text.startsWith("::=", at)) {
        throw wrong("'::='");
      }
      at += 3;
      Expr body = choice();
      if (rules.putIfAbsent(name, body) != null) {
        at = start;
        throw new InvalidRequestException(
            "grammar: %s: rule '%s' is there twice".formatted(where(), name));
      }
      if (rules.size() > RULE_COUNT_MAX) {
        throw new InvalidRequestException(
            "grammar: expected at most %d rules, got more".formatted(RULE_COUNT_MAX));
      }
      if (at < text.length() && !isRule()) {
        throw wrong("a rule");
      }
    }
    if (!rules.containsKey("root")) {
      throw new InvalidRequestException("grammar: expected a rule 'root', got none");
    }
    return rules;
  }

  private Expr choice() {
    if (++depth > DEPTH_MAX) {
      throw wrong("at most %d parentheses inside each other".formatted(DEPTH_MAX));
    }
    List<Expr> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (take('|'));
    depth--;
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private Expr sequence() {
    List<Expr> parts = new ArrayList<>();
    skip();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '|' || c == ')' || isRule()) {
        break;
      }
      parts.add(repeated(part(c)));
      skip();
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(parts);
  }

  private Expr part(char c) {
    switch (c) {
      case '"' -> {
        return literal();
      }
      case '[' -> {
        return characters();
      }
      case '.' -> {
        at++;
        return new Expr.Characters(List.of(new Expr.Range(0, Character.MAX_CODE_POINT)));
      }
      case '(' -> {
        at++;
        Expr inner = choice();
        if (!take(')')) {
          throw wrong("')'");
        }
        return inner;
      }
      default -> {
        return new Expr.Call(name());
      }
    }
  }

  private Expr repeated(Expr part) {
    Expr result = part;
    for (int marks = 0; at < text.length(); marks++) {
      int[] times =
          switch (text.charAt(at)) {
            case '*' -> new int[] {0, Expr.Repeat.ENDLESS};
            case '+' -> new int[] {1, Expr.Repeat.ENDLESS};
            case '?' -> new int[] {0, 1};
            case '{' -> times();
            default -> null;
          };
      if (times == null) {
        break;
      }
      if (marks == DEPTH_MAX) {
        throw wrong("fewer marks of repetition");
      }
      at++;
      result = new Expr.Repeat(result, times[0], times[1]);
      skipBlanks();
    }
    return result;
  }

  // Leaves the closing brace to the caller.
  private int[] times() {
    at++;
    skipBlanks();
    int min = number();
    int max = min;
    skipBlanks();
    if (peek() == ',') {
      at++;
      skipBlanks();
      max = peek() == '}' ? Expr.Repeat.ENDLESS : number();
      skipBlanks();
    }
    if (peek() != '}') {
      throw wrong("'}'");
    }
    if (max != Expr.Repeat.ENDLESS && max < min) {
      throw wrong("a maximum of at least %d".formatted(min));
    }
    return new int[] {min, max};
  }

  private int number() {
    int start = at;
    int value = 0;
    while (Character.digit(peek(), 10) >= 0 && peek() < 128) {
      value = value * 10 + text.charAt(at++) - '0';
      if (value > REPEAT_MAX) {
        throw wrong("at most %d repetitions".formatted(REPEAT_MAX));
      }
    }
    if (at == start) {
      throw wrong("a number");
    }
    return value;
  }

  private Expr literal() {
    at++;
    List<Expr> parts = new ArrayList<>();
    while (peek() != '"') {
      int point = character();
      parts.add(new Expr.Characters(List.of(new Expr.Range(point, point))));
    }
    at++;
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(parts);
  }

  private Expr characters() {
    at++;
    boolean isNegated = peek() == '^';
    if (isNegated) {
      at++;
    }
    List<Expr.Range> ranges = new ArrayList<>();
    while (peek() != ']') {
      int first = character();
      int last = first;
      if (peek() == '-' && at + 1 < text.length() && text.charAt(at + 1) != ']') {
        at++;
        last = character();
      }
      if (last < first) {
        throw wrong("a range that goes up");
      }
      ranges.add(new Expr.Range(first, last));
    }
    at++;
    if (ranges.isEmpty() && !isNegated) {
      throw wrong("a character between brackets");
    }
    return new Expr.Characters(isNegated ? CharacterRanges.others(ranges) : ranges);
  }

  private int character() {
    if (at >= text.length()) {
      throw wrong("the end of a text or class");
    }
    int point = text.codePointAt(at);
    at += Character.charCount(point);
    if (point != '\\') {
      return point;
    }
    char c = peek();
    at++;
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case '\\', '"', '[', ']', '-', '^' -> c;
      default -> {
        at--;
        throw wrong("one of \\n \\r \\t \\x \\u \\U \\\\ \\\" \\[ \\] \\- \\^");
      }
    };
  }

  private int hex(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 127) {
        throw wrong("%d hexadecimal digits".formatted(count));
      }
      value = value << 4 | digit;
      at++;
      if (value < 0 || value > Character.MAX_CODE_POINT) {
        throw wrong("a code point");
      }
    }
    return value;
  }

  private String name() {
    int start = at;
    while (isNamePart(peek())) {
      at++;
    }
    if (at == start) {
      throw wrong("a text, a class, a parenthesis or the name of a rule");
    }
    return text.substring(start, at);
  }

  private static boolean isNamePart(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }

  /// Whether a rule begins here: a name and `::=`.
  private boolean isRule() {
    int start = at;
    while (isNamePart(peek())) {
      at++;
    }
    boolean hasName = at > start;
    skip();
    boolean isRule = hasName && text.startsWith("::=", at);
    at = start;
    return isRule;
  }

  private boolean take(char c) {
    skip();
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipBlanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  /// Over blanks, line ends and comments.
  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
      } else {
        return;
      }
    }
  }

  private InvalidRequestException wrong(String expected) {
    String got = at >= text.length() ? "the end" : "'" + text.substring(at, at + 1) + "'";
    return new InvalidRequestException(
        "grammar: %s: expected %s, got %s".formatted(where(), expected, got));
  }

  private String where() {
    String before = text.substring(0, Math.min(at, text.length()));
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return "line %d, column %d".formatted(line, before.length() - before.lastIndexOf('\n'));
  }
}
