// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;

/// Python's equality, order and hash keys of values.
final class Equality {
  private Equality() {}

  /// `a == b`.
  static boolean equal(Run run, Value a, Value b) {
    if (a == b) {
      return true;
    }
    run.step();
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b) == 0 && !Numbers.isNan(a) && !Numbers.isNan(b);
    }
    return switch (a) {
      case Text x -> b instanceof Text y && equal(run, x, y);
      case Value.Undefined _ -> b instanceof Value.Undefined;
      case Value.Sequence x ->
          b instanceof Value.Sequence y
              && x.isTuple() == y.isTuple()
              && equal(run, x.items(), y.items());
      case Value.Dict x -> b instanceof Value.Dict y && equal(run, x, y);
      default -> false;
    };
  }

  private static boolean equal(Run run, Text a, Text b) {
    if (a.length() != b.length()) {
      return false;
    }
    run.work(a.length());
    return a.string().equals(b.string());
  }

  private static boolean equal(Run run, List<Value> a, List<Value> b) {
    if (a.size() != b.size()) {
      return false;
    }
    run.enter();
    for (int i = 0; i < a.size(); i++) {
      if (!equal(run, a.get(i), b.get(i))) {
        run.leave();
        return false;
      }
    }
    run.leave();
    return true;
  }

  private static boolean equal(Run run, Value.Dict a, Value.Dict b) {
    if (a.entries().size() != b.entries().size()) {
      return false;
    }
    run.enter();
    boolean isEqual = true;
    for (var entry : a.entries().entrySet()) {
      Value.Dict.Entry other = b.entries().get(entry.getKey());
      isEqual = isEqual && other != null && equal(run, entry.getValue().value(), other.value());
    }
    run.leave();
    return isEqual;
  }

  /// Less than 0, 0 or more than 0 as `a` comes before, with or after `b`.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if they have no order
  static int compare(Run run, Value a, Value b) {
    run.step();
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b);
    }
    if (a instanceof Text x && b instanceof Text y) {
      run.work(Math.min(x.length(), y.length()));
      return compareCodePoints(x.string(), y.string());
    }
    if (a instanceof Value.Sequence x
        && b instanceof Value.Sequence y
        && x.isTuple() == y.isTuple()) {
      run.enter();
      int shorter = Math.min(x.items().size(), y.items().size());
      int order = 0;
      for (int i = 0; i < shorter && order == 0; i++) {
        Value left = x.items().get(i);
        Value right = y.items().get(i);
        order = equal(run, left, right) ? 0 : compare(run, left, right);
      }
      run.leave();
      return order != 0 ? order : Integer.compare(x.items().size(), y.items().size());
    }
    throw run.fail("%s and %s have no order".formatted(a.typeName(), b.typeName()));
  }

  private static int compareCodePoints(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates come after all other characters, as their code points do.
        boolean isHigh = Character.isSurrogate(x) != Character.isSurrogate(y);
        return isHigh ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /// What finds `value` in a dict: equal values have equal keys.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if it cannot be a key
  static Object key(Run run, Value value) {
    run.step();
    return switch (value) {
      case Text text -> {
        run.work(text.length());
        yield text.string();
      }
      case Value.Int(long number) -> number;
      case Value.Bool bool -> (long) bool.ordinal();
      case Value.Real(double number) -> {
        long whole = (long) number;
        yield whole == number ? (Object) whole : (Object) number;
      }
      case Value.None none -> none;
      case Value.Sequence(List<Value> items, boolean isTuple) when isTuple -> {
        run.enter();
        run.entries(items.size());
        List<Object> keys = new ArrayList<>(items.size());
        items.forEach(item -> keys.add(key(run, item)));
        run.leave();
        yield keys;
      }
      default -> throw run.fail("a %s cannot be the key of a dict".formatted(value.typeName()));
    };
  }
}
