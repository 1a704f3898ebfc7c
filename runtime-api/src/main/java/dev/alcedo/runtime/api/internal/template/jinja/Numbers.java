// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.math.BigDecimal;

/// Numbers and truth values as numbers.
final class Numbers {
  private Numbers() {}

  static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
  }

  static boolean isNan(Value value) {
    return value instanceof Value.Real(double number) && Double.isNaN(number);
  }

  /// Whether it is a whole number in type.
  static boolean isWhole(Value value) {
    return value instanceof Value.Int || value instanceof Value.Bool;
  }

  static long whole(Value value) {
    return switch (value) {
      case Value.Int(long number) -> number;
      case Value.Bool bool -> bool.ordinal();
      default -> throw new IllegalArgumentException(value.typeName());
    };
  }

  static double real(Value value) {
    return value instanceof Value.Real(double number) ? number : whole(value);
  }

  static int compare(Value a, Value b) {
    if (isWhole(a) && isWhole(b)) {
      return Long.compare(whole(a), whole(b));
    }
    double x = real(a);
    double y = real(b);
    boolean isMixed = isWhole(a) != isWhole(b) && Double.isFinite(x) && Double.isFinite(y);
    return isMixed ? exact(a).compareTo(exact(b)) : Double.compare(x + 0.0, y + 0.0);
  }

  private static BigDecimal exact(Value value) {
    return isWhole(value) ? BigDecimal.valueOf(whole(value)) : new BigDecimal(real(value));
  }

  /// Python's shortest spelling of a double.
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = exact.unscaledValue().abs().toString();
    int exponent = digits.length() - exact.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return "%s%s%se%s%02d"
          .formatted(
              sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
    String plain = exact.abs().toPlainString();
    return sign + (plain.contains(".") ? plain : plain + ".0");
  }
}
