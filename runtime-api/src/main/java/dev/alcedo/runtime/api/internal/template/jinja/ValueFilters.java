// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/// Filters of single values.
final class ValueFilters {
  private static final int DIGITS_MAX = 400;

  private ValueFilters() {}

  static void register(Map<String, Filters> all) {
    all.put("default", ValueFilters::orElse);
    all.put("d", ValueFilters::orElse);
    all.put(
        "string",
        (run, v, args) -> {
          args.bind(run, "string");
          return Repr.text(run, v);
        });
    all.put("int", ValueFilters::whole);
    all.put("float", ValueFilters::real);
    all.put(
        "abs",
        (run, v, args) -> {
          args.bind(run, "abs");
          boolean isNegative = Numbers.isNumber(v) && Numbers.real(v) < 0;
          return Operators.unary(run, isNegative ? "-" : "+", v);
        });
    all.put("round", ValueFilters::round);
    all.put("tojson", Json::dumps);
    all.put(
        "attr",
        (run, v, args) -> {
          String name = args.bind(run, "attr", "name").text(0).string();
          return v instanceof Value.Dict && !DictMethods.NAMES.contains(name)
              ? new Value.Undefined("dict has no attribute '%s'".formatted(Shown.name(name)))
              : Attributes.attribute(run, v, name);
        });
  }

  private static Value orElse(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "default", "default_value", "boolean");
    boolean isMissing =
        value instanceof Value.Undefined || bound.flag(1, false) && !Truth.of(value);
    return isMissing ? bound.get(0, Text.EMPTY) : value;
  }

  private static Value whole(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "int", "default", "base");
    Value fallback = bound.get(0, new Value.Int(0));
    switch (value) {
      case Value.Int _ -> {
        return value;
      }
      case Value.Bool bool -> {
        return new Value.Int(bool.ordinal());
      }
      case Value.Real(double number) -> {
        return fits(number) ? new Value.Int((long) number) : fallback;
      }
      case Text text -> {
        String digits = TextMethods.strip(run, text, null, true, true).string();
        long base = bound.integer(1, 10);
        Value parsed = parse(digits, base);
        if (parsed != Value.None.NONE) {
          return parsed;
        }
        double number = parse(digits);
        return fits(number) ? new Value.Int((long) number) : fallback;
      }
      default -> {
        return fallback;
      }
    }
  }

  private static boolean fits(double number) {
    return Math.abs(number) < 0x1p63;
  }

  private static Value parse(String text, long base) {
    String digits = text;
    boolean isNegative = digits.startsWith("-");
    if (isNegative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    if (digits.length() > 2 && digits.charAt(0) == '0') {
      String prefix =
          switch ((int) base) {
            case 16 -> "x";
            case 8 -> "o";
            case 2 -> "b";
            default -> " ";
          };
      digits = digits.substring(1, 2).equalsIgnoreCase(prefix) ? digits.substring(2) : digits;
    }
    boolean isPlain =
        !digits.isEmpty()
            && digits.length() <= DIGITS_MAX
            && base >= 2
            && base <= 36
            && digits.matches("[0-9A-Za-z]+(_[0-9A-Za-z]+)*");
    try {
      BigInteger number = isPlain ? new BigInteger(digits.replace("_", ""), (int) base) : null;
      if (number != null && number.bitLength() < 64) {
        return new Value.Int(isNegative ? -number.longValueExact() : number.longValueExact());
      }
    } catch (NumberFormatException e) {
      return Value.None.NONE;
    }
    return Value.None.NONE;
  }

  /// The number that Python reads, or NaN.
  private static double parse(String text) {
    if (text.length() > DIGITS_MAX) {
      return Double.NaN;
    }
    String number = text.replace("_", "");
    if (number.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,6})?")) {
      return Double.parseDouble(number);
    }
    return switch (number.toLowerCase(java.util.Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  private static Value real(Run run, Value value, Args args) {
    Value fallback = args.bind(run, "float", "default").get(0, new Value.Real(0));
    if (Numbers.isNumber(value)) {
      return new Value.Real(Numbers.real(value));
    }
    if (value instanceof Text text) {
      String digits = TextMethods.strip(run, text, null, true, true).string();
      double number = parse(digits);
      boolean isNan = digits.equalsIgnoreCase("nan");
      return Double.isNaN(number) && !isNan ? fallback : new Value.Real(number);
    }
    return fallback;
  }

  private static Value round(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "round", "precision", "method");
    long precision = bound.integer(0, 0);
    String method = bound.text(1, "common").string();
    if (!Numbers.isNumber(value) || Math.abs(precision) > DIGITS_MAX) {
      throw run.fail("round: expected a number and a precision up to %d".formatted(DIGITS_MAX));
    }
    RoundingMode mode =
        switch (method) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw run.fail("round: expected common, ceil or floor");
        };
    double number = Numbers.real(value);
    if (!Double.isFinite(number)) {
      return new Value.Real(number);
    }
    double rounded = new BigDecimal(number).setScale((int) precision, mode).doubleValue();
    boolean isWhole = Numbers.isWhole(value) && method.equals("common");
    return isWhole && fits(rounded) ? new Value.Int((long) rounded) : new Value.Real(rounded);
  }
}
