// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;

/// What a loop goes over.
final class Iteration {
  private Iteration() {}

  static boolean isPossible(Value value) {
    return value instanceof Text
        || value instanceof Value.Sequence
        || value instanceof Value.Dict
        || value instanceof Value.Undefined;
  }

  /// The items of a list, the characters of a text, the keys of a dict. The list is the value's own
  /// if it has one.
  static List<Value> of(Run run, Value value) {
    return switch (value) {
      case Value.Sequence(List<Value> items, _) -> items;
      case Text text -> characters(run, text);
      case Value.Dict dict -> {
        run.entries(dict.entries().size());
        yield dict.keys();
      }
      case Value.Undefined _ -> List.of();
      default -> throw run.fail("a %s has no items to go over".formatted(value.typeName()));
    };
  }

  private static List<Value> characters(Run run, Text text) {
    run.entries(2L * text.length());
    String characters = text.string();
    List<Value> items = new ArrayList<>(text.length());
    int next;
    for (int i = 0; i < text.length(); i = next) {
      next = characters.offsetByCodePoints(i, 1);
      items.add(text.substring(i, next));
    }
    return items;
  }
}
