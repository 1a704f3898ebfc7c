// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Changes to a shape's numbers, by name. Remembers which names were asked for, so that typing
/// errors show.
final class ShapeEdit {
  private final String option;
  private final Map<String, String> changes;
  private final Set<String> known = new LinkedHashSet<>();

  /// @param option for messages, e.g. `--shape`
  ShapeEdit(String option, Map<String, String> changes) {
    this.option = option;
    this.changes = changes;
  }

  int integer(String name, int fallback) {
    return value(name, "an integer", fallback, Integer::valueOf);
  }

  float number(String name, float fallback) {
    return value(name, "a number", fallback, Float::valueOf);
  }

  boolean flag(String name, boolean fallback) {
    return value(
        name,
        "true or false",
        fallback,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new NumberFormatException(text);
            });
  }

  String word(String name, String fallback) {
    return value(name, "a word", fallback, text -> text);
  }

  private <T> T value(String name, String expected, T fallback, Function<String, T> parser) {
    known.add(name);
    String text = changes.get(name);
    try {
      return text == null ? fallback : parser.apply(text);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "%s %s: expected %s, got '%s'".formatted(option, name, expected, text), e);
    }
  }

  /// @throws InvalidRequestException if a change has a name that nobody asked for
  void requireAllUsed() {
    for (String name : changes.keySet()) {
      if (!known.contains(name)) {
        throw new InvalidRequestException(
            "%s: expected one of %s, got '%s'".formatted(option, String.join(", ", known), name));
      }
    }
  }
}
