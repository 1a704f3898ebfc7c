// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.Map;
import java.util.TreeMap;

/// What stands behind `|`.
@FunctionalInterface
interface Filters {
  Value apply(Run run, Value input, Args args);

  static boolean isKnown(String name) {
    return All.BY_NAME.containsKey(name);
  }

  /// The filter of this name.
  static Filters find(Run run, String name) {
    Filters filter = All.BY_NAME.get(name);
    if (filter == null) {
      throw run.fail(
          "unknown filter '%s'; known: %s"
              .formatted(Shown.name(name), String.join(", ", All.BY_NAME.keySet())));
    }
    return filter;
  }

  /// The list.
  final class All {
    private static final Map<String, Filters> BY_NAME = new TreeMap<>();

    private All() {}

    static {
      ValueFilters.register(BY_NAME);
      TextFilters.register(BY_NAME);
      ListFilters.register(BY_NAME);
      ChoosingFilters.register(BY_NAME);
    }
  }
}
