// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a call gives.
record Args(List<Value> positional, Map<String, Value> named) {
  static final Args NONE = new Args(List.of(), Map.of());

  static Args of(Value... positional) {
    return new Args(List.of(positional), Map.of());
  }

  /// The arguments by parameter.
  Bound bind(Run run, String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw run.fail(
          "%s: expected at most %d arguments, got %d"
              .formatted(function, parameters.length, positional.size()));
    }
    @Nullable Value[] values = new @Nullable Value[parameters.length];
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    for (Map.Entry<String, Value> entry : named.entrySet()) {
      int i = Arrays.asList(parameters).indexOf(entry.getKey());
      if (i < 0 || values[i] != null) {
        throw run.fail(
            "%s: %s argument '%s'; it takes %s"
                .formatted(
                    function,
                    i < 0 ? "unknown" : "twice the",
                    Shown.name(entry.getKey()),
                    parameters.length == 0 ? "none" : String.join(", ", parameters)));
      }
      values[i] = entry.getValue();
    }
    return new Bound(run, function, parameters, values);
  }

  /// Arguments in the order of their parameters.
  static final class Bound {
    private final Run run;
    private final String function;
    private final String[] parameters;
    private final @Nullable Value[] values;

    private Bound(Run run, String function, String[] parameters, @Nullable Value[] values) {
      this.run = run;
      this.function = function;
      this.parameters = parameters;
      this.values = values;
    }

    @Nullable Value find(int i) {
      return values[i];
    }

    /// Whether it was given, and not as `none`.
    boolean has(int i) {
      return values[i] != null && values[i] != Value.None.NONE;
    }

    Value get(int i) {
      Value value = values[i];
      if (value == null) {
        throw run.fail("%s: argument '%s' is missing".formatted(function, parameters[i]));
      }
      return value;
    }

    Value get(int i, Value fallback) {
      Value value = values[i];
      return value == null ? fallback : value;
    }

    Text text(int i) {
      if (get(i) instanceof Text text) {
        return text;
      }
      throw wrong(i, "a string");
    }

    Text text(int i, String fallback) {
      return values[i] == null ? Text.written(fallback) : text(i);
    }

    long integer(int i) {
      return switch (get(i)) {
        case Value.Int(long value) -> value;
        case Value.Bool bool -> bool.ordinal();
        default -> throw wrong(i, "an integer");
      };
    }

    long integer(int i, long fallback) {
      return values[i] == null ? fallback : integer(i);
    }

    boolean flag(int i, boolean fallback) {
      Value value = values[i];
      return value == null ? fallback : Truth.of(value);
    }

    RuntimeException wrong(int i, String expected) {
      return run.fail(
          "%s: argument '%s': expected %s, got %s"
              .formatted(function, parameters[i], expected, get(i).typeName()));
    }
  }
}
