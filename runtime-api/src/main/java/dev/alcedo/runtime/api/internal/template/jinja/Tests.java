// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What stands behind `is`.
@FunctionalInterface
interface Tests {
  boolean test(Run run, Value value, Args args);

  /// The test of this name.
  static Tests find(Run run, String name) {
    Tests test = All.BY_NAME.get(name);
    if (test == null) {
      throw run.fail(
          "unknown test '%s'; known: %s"
              .formatted(Shown.name(name), String.join(", ", All.BY_NAME.keySet())));
    }
    return test;
  }

  /// The list.
  final class All {
    private static final Map<String, Tests> BY_NAME = new TreeMap<>();

    private All() {}

    static {
      put((_, v, _) -> !(v instanceof Value.Undefined), "defined");
      put((_, v, _) -> v instanceof Value.Undefined, "undefined");
      put((_, v, _) -> v == Value.None.NONE, "none");
      put((_, v, _) -> v instanceof Value.Bool, "boolean");
      put((_, v, _) -> v == Value.Bool.TRUE, "true");
      put((_, v, _) -> v == Value.Bool.FALSE, "false");
      put((_, v, _) -> v instanceof Value.Int, "integer");
      put((_, v, _) -> v instanceof Value.Real, "float");
      put((_, v, _) -> Numbers.isNumber(v), "number");
      put((_, v, _) -> v instanceof Text, "string");
      put((_, v, _) -> v instanceof Value.Dict, "mapping");
      put((_, v, _) -> Iteration.isPossible(v) || v instanceof Value.Loop, "iterable");
      put((_, v, _) -> Iteration.isPossible(v), "sequence");
      put((_, v, _) -> v instanceof Value.Callable, "callable");
      put((_, _, _) -> false, "escaped");
      put((r, v, _) -> whole(r, v, "odd") % 2 != 0, "odd");
      put((r, v, _) -> whole(r, v, "even") % 2 == 0, "even");
      put((r, v, a) -> isDivisible(r, v, a), "divisibleby");
      put(
          (r, v, _) ->
              Repr.text(r, v).string().equals(Repr.text(r, v).string().toLowerCase(Locale.ROOT))
                  && hasCase(r, v),
          "lower");
      put(
          (r, v, _) ->
              Repr.text(r, v).string().equals(Repr.text(r, v).string().toUpperCase(Locale.ROOT))
                  && hasCase(r, v),
          "upper");
      put((r, v, a) -> isSame(v, other(r, a, "sameas")), "sameas");
      put((r, v, a) -> Operators.contains(r, other(r, a, "in"), v), "in");
      put((_, v, _) -> v instanceof Text name && Filters.isKnown(name.string()), "filter");
      put((_, v, _) -> v instanceof Text name && BY_NAME.containsKey(name.string()), "test");
      compare("==", "==", "eq", "equalto");
      compare("!=", "!=", "ne");
      compare("<", "<", "lt", "lessthan");
      compare("<=", "<=", "le");
      compare(">", ">", "gt", "greaterthan");
      compare(">=", ">=", "ge");
    }

    private static void put(Tests test, String... names) {
      for (String name : names) {
        BY_NAME.put(name, test);
      }
    }

    private static void compare(String operator, String... names) {
      put((r, v, a) -> Operators.compare(r, operator, v, other(r, a, operator)), names);
    }

    private static Value other(Run run, Args args, String name) {
      return args.bind(run, name, "other").get(0);
    }

    private static long whole(Run run, Value value, String name) {
      if (!Numbers.isWhole(value)) {
        throw run.fail("test '%s': expected an integer, got %s".formatted(name, value.typeName()));
      }
      return Numbers.whole(value);
    }

    private static boolean isDivisible(Run run, Value value, Args args) {
      long by = args.bind(run, "divisibleby", "num").integer(0);
      if (by == 0) {
        throw run.fail("division by zero");
      }
      return whole(run, value, "divisibleby") % by == 0;
    }

    private static boolean hasCase(Run run, Value value) {
      String text = Repr.text(run, value).string();
      return text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }

    private static boolean isSame(Value a, Value b) {
      return a == b
          || a instanceof Value.Int && a.equals(b)
          || a instanceof Text x && b instanceof Text y && x.string().equals(y.string());
    }
  }
}
