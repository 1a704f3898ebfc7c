// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;

/// Python's operators on values.
final class Operators {
  private Operators() {}

  static Value unary(Run run, String operator, Value operand) {
    if (!Numbers.isNumber(operand)) {
      throw wrong(run, "unary " + operator, operand, operand);
    }
    boolean isNegating = operator.equals("-");
    if (operand instanceof Value.Real(double value)) {
      return new Value.Real(isNegating ? -value : value);
    }
    long value = Numbers.whole(operand);
    return whole(run, () -> isNegating ? Math.negateExact(value) : value);
  }

  static Value binary(Run run, String operator, Value left, Value right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return arithmetic(run, operator, left, right);
    }
    switch (operator) {
      case "+" -> {
        if (left instanceof Text a && right instanceof Text b) {
          return Text.join(run, a, b);
        }
        if (left instanceof Value.Sequence a
            && right instanceof Value.Sequence b
            && a.isTuple() == b.isTuple()) {
          run.entries((long) a.items().size() + b.items().size());
          List<Value> all = new ArrayList<>(a.items());
          all.addAll(b.items());
          return new Value.Sequence(all, a.isTuple());
        }
      }
      case "*" -> {
        if (Numbers.isWhole(right)) {
          return repeat(run, left, Numbers.whole(right), right);
        }
        if (Numbers.isWhole(left)) {
          return repeat(run, right, Numbers.whole(left), left);
        }
      }
      case "%" -> {
        if (left instanceof Text format) {
          return Format.percent(run, format, right);
        }
      }
      default -> {}
    }
    throw wrong(run, operator, left, right);
  }

  private static Value repeat(Run run, Value value, long count, Value other) {
    long times = Math.clamp(count, 0, Integer.MAX_VALUE);
    switch (value) {
      case Text text -> {
        run.characters(text.length() * times);
        var out = new Text.Builder();
        for (long i = 0; i < times && !text.isEmpty(); i++) {
          out.append(text);
        }
        return out.build();
      }
      case Value.Sequence(List<Value> items, boolean isTuple) -> {
        run.entries(items.size() * times);
        List<Value> all = new ArrayList<>();
        for (long i = 0; i < times && !items.isEmpty(); i++) {
          all.addAll(items);
        }
        return new Value.Sequence(all, isTuple);
      }
      default -> throw wrong(run, "*", value, other);
    }
  }

  private static Value arithmetic(Run run, String operator, Value left, Value right) {
    boolean isWhole = Numbers.isWhole(left) && Numbers.isWhole(right);
    boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
    if (divides && Numbers.real(right) == 0) {
      throw run.fail("division by zero");
    }
    if (!isWhole || operator.equals("/")) {
      return real(run, operator, Numbers.real(left), Numbers.real(right));
    }
    long a = Numbers.whole(left);
    long b = Numbers.whole(right);
    if (operator.equals("**") && b < 0) {
      return real(run, operator, a, b);
    }
    return whole(
        run,
        () ->
            switch (operator) {
              case "+" -> Math.addExact(a, b);
              case "-" -> Math.subtractExact(a, b);
              case "*" -> Math.multiplyExact(a, b);
              case "//" -> Math.floorDivExact(a, b);
              case "%" -> Math.floorMod(a, b);
              default -> power(a, b);
            });
  }

  private static Value real(Run run, String operator, double a, double b) {
    double value =
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "//" -> Math.floor(a / b);
          case "%" -> a - b * Math.floor(a / b);
          default -> Math.pow(a, b);
        };
    if (operator.equals("**") && a == 0 && b < 0) {
      throw run.fail("division by zero");
    }
    return new Value.Real(value);
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1) {
      return exponent == 0 ? 1 : base;
    }
    if (base == -1) {
      return exponent % 2 == 0 ? 1 : -1;
    }
    long value = 1;
    for (long i = 0; i < exponent; i++) {
      value = Math.multiplyExact(value, base); // overflows after 63 turns at most
    }
    return value;
  }

  private static Value whole(Run run, java.util.function.LongSupplier compute) {
    try {
      return new Value.Int(compute.getAsLong());
    } catch (ArithmeticException e) {
      throw run.beyond("integers of 64 bits");
    }
  }

  static boolean compare(Run run, String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> Equality.equal(run, left, right);
      case "!=" -> !Equality.equal(run, left, right);
      case "in" -> contains(run, right, left);
      case "not in" -> !contains(run, right, left);
      default -> {
        if (Numbers.isNan(left) || Numbers.isNan(right)) {
          yield false;
        }
        if (left instanceof Value.Undefined || right instanceof Value.Undefined) {
          throw wrong(run, operator, left, right);
        }
        int order = Equality.compare(run, left, right);
        yield switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          default -> order >= 0;
        };
      }
    };
  }

  /// `item in container`.
  static boolean contains(Run run, Value container, Value item) {
    return switch (container) {
      case Text text -> {
        if (!(item instanceof Text part)) {
          throw wrong(run, "in", item, container);
        }
        run.work((long) text.length() + part.length());
        yield Search.first(text.string(), part.string(), 0) >= 0;
      }
      case Value.Sequence(List<Value> items, _) -> {
        boolean isFound = false;
        for (int i = 0; i < items.size() && !isFound; i++) {
          run.step();
          isFound = Equality.equal(run, items.get(i), item);
        }
        yield isFound;
      }
      case Value.Dict dict -> dict.entries().containsKey(Equality.key(run, item));
      case Value.Undefined _ -> false;
      default -> throw wrong(run, "in", item, container);
    };
  }

  private static RuntimeException wrong(Run run, String operator, Value left, Value right) {
    for (Value side : List.of(left, right)) {
      if (side instanceof Value.Undefined(String problem)) {
        return run.fail("%s, but '%s' needs a value".formatted(problem, operator));
      }
    }
    return run.fail(
        "'%s' does not work on %s and %s".formatted(operator, left.typeName(), right.typeName()));
  }
}
