// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/// Python's `%` formatting, and `str.format` with plain places: no attributes, no nested formats.
final class Format {
  private static final int WIDTH_MAX = 10_000;

  private Format() {}

  /// `format % value`.
  static Text percent(Run run, Text format, Value value) {
    boolean isSeveral = value instanceof Value.Sequence sequence && sequence.isTuple();
    List<Value> values = isSeveral ? ((Value.Sequence) value).items() : List.of(value);
    String characters = format.string();
    run.characters(characters.length());
    var out = new Text.Builder();
    int used = 0;
    int i = 0;
    while (i < characters.length()) {
      int percent = characters.indexOf('%', i);
      if (percent < 0) {
        percent = characters.length();
      }
      out.append(format, i, percent);
      if (percent == characters.length()) {
        break;
      }
      i = percent + 1;
      Value given = null;
      if (i < characters.length() && characters.charAt(i) == '(') {
        int close = characters.indexOf(')', i);
        if (close < 0 || !(value instanceof Value.Dict dict)) {
          throw run.fail("%-format: '%(' needs a name, a ')' and a dict");
        }
        given = dict.find(characters.substring(i + 1, close));
        if (given == null) {
          throw run.fail("%-format: the dict has no such key");
        }
        i = close + 1;
      }
      int end = i;
      while (end < characters.length() && "-+ #0123456789.".indexOf(characters.charAt(end)) >= 0) {
        end++;
      }
      if (end == characters.length()) {
        throw run.fail("%-format: it ends in the middle of a place");
      }
      char kind = characters.charAt(end);
      String spec = characters.substring(i, end);
      i = end + 1;
      if (kind == '%') {
        out.append("%", Text.WRITTEN);
        continue;
      }
      if (given == null) {
        if (used >= values.size()) {
          throw run.fail("%-format: not enough values");
        }
        given = values.get(used++);
      }
      place(run, spec, kind, given, out);
    }
    if (used < values.size() && !(value instanceof Value.Dict)) {
      throw run.fail("%-format: too many values");
    }
    return out.build();
  }

  private static void place(Run run, String spec, char kind, Value value, Text.Builder out) {
    String digits = spec.replaceFirst("^[-+ #0]*", "");
    String flags = spec.substring(0, spec.length() - digits.length());
    int dot = digits.indexOf('.');
    int width = number(run, dot < 0 ? digits : digits.substring(0, dot), 0);
    int precision = dot < 0 ? -1 : number(run, digits.substring(dot + 1), 0);
    Text text =
        switch (kind) {
          case 's' -> Repr.text(run, value);
          case 'r' -> Repr.repr(run, value);
          case 'd', 'i', 'u' ->
              signed(flags, whole(run, value), Long.toString(Math.absExact(whole(run, value))));
          case 'x' ->
              signed(flags, whole(run, value), Long.toHexString(Math.absExact(whole(run, value))));
          case 'X' ->
              signed(
                  flags,
                  whole(run, value),
                  Long.toHexString(Math.absExact(whole(run, value))).toUpperCase(Locale.ROOT));
          case 'o' ->
              signed(
                  flags, whole(run, value), Long.toOctalString(Math.absExact(whole(run, value))));
          case 'f', 'F' -> {
            double number = real(run, value);
            yield signed(flags, number, fixed(Math.abs(number), precision < 0 ? 6 : precision));
          }
          default ->
              throw run.fail("%%-format: unknown kind '%s'".formatted(Shown.name("" + kind)));
        };
    if (precision >= 0 && (kind == 's' || kind == 'r') && text.count() > precision) {
      text = text.substring(0, text.string().offsetByCodePoints(0, precision));
    }
    int missing = width - text.count();
    boolean isNumber = kind != 's' && kind != 'r';
    if (missing > 0) {
      String fill =
          (isNumber && flags.contains("0") && !flags.contains("-") ? "0" : " ").repeat(missing);
      if (flags.contains("-")) {
        out.append(text).append(fill, Text.WRITTEN);
      } else if (fill.charAt(0) == '0' && "+- ".indexOf(text.string().charAt(0)) >= 0) {
        out.append(text, 0, 1).append(fill, Text.WRITTEN).append(text, 1, text.length());
      } else {
        out.append(fill, Text.WRITTEN).append(text);
      }
    } else {
      out.append(text);
    }
  }

  private static int number(Run run, String digits, int fallback) {
    if (digits.isEmpty()) {
      return fallback;
    }
    if (digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
        || Integer.parseInt(digits) > WIDTH_MAX) {
      throw run.fail("%%-format: expected widths up to %d".formatted(WIDTH_MAX));
    }
    run.characters(Integer.parseInt(digits));
    return Integer.parseInt(digits);
  }

  private static long whole(Run run, Value value) {
    return switch (value) {
      case Value.Real(double number) when Math.abs(number) < 1e18 -> (long) number;
      case Value.Int(long number) when number != Long.MIN_VALUE -> number;
      case Value.Bool bool -> bool.ordinal();
      default -> throw run.fail("%-format: expected a number, got " + value.typeName());
    };
  }

  private static double real(Run run, Value value) {
    if (!Numbers.isNumber(value)) {
      throw run.fail("%-format: expected a number, got " + value.typeName());
    }
    return Numbers.real(value);
  }

  /// `value` with exactly so many digits behind the point.
  static String fixed(double value, int digits) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        : Numbers.repr(value);
  }

  private static Text signed(String flags, double value, String absolute) {
    String sign = value < 0 ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    return Text.written(sign + absolute);
  }

  /// `text.format(...)`.
  static Text places(Run run, Text format, Args args) {
    String characters = format.string();
    run.characters(characters.length());
    var out = new Text.Builder();
    int next = 0;
    int i = 0;
    while (i < characters.length()) {
      char c = characters.charAt(i);
      if (c != '{' && c != '}') {
        out.append(format, i, ++i);
        continue;
      }
      if (i + 1 < characters.length() && characters.charAt(i + 1) == c) {
        out.append(format, i, i + 1);
        i += 2;
        continue;
      }
      int close = characters.indexOf('}', i);
      if (c == '}' || close < 0) {
        throw run.fail("str.format: a single '%s'".formatted(c));
      }
      String name = characters.substring(i + 1, close);
      Value value;
      if (name.isEmpty()) {
        value = positional(run, args, next++);
      } else if (name.length() < 6 && name.chars().allMatch(d -> d >= '0' && d <= '9')) {
        value = positional(run, args, Integer.parseInt(name));
      } else {
        value = args.named().get(name);
        if (value == null) {
          throw run.fail(
              "str.format: '{%s}' names no argument (attributes and format specifications are not supported)"
                  .formatted(Shown.name(name)));
        }
      }
      Text text = Repr.text(run, value);
      run.characters(text.length());
      out.append(text);
      i = close + 1;
    }
    return out.build();
  }

  private static Value positional(Run run, Args args, int i) {
    if (i >= args.positional().size()) {
      throw run.fail("str.format: there is no argument %d".formatted(i));
    }
    return args.positional().get(i);
  }
}
