// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// The methods of lists; tuples have the reading ones. The transformers library forbids the
/// changing ones, which some templates in GGUF files use nevertheless.
final class ListMethods {
  static final Set<String> NAMES =
      Set.of("append", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse");

  private ListMethods() {}

  static boolean isReading(String name) {
    return name.equals("count") || name.equals("index");
  }

  static Value call(Run run, Value.Sequence list, String name, Args args) {
    String function = "list." + name;
    List<Value> items = list.items();
    switch (name) {
      case "append" -> {
        run.entries(1);
        items.add(args.bind(run, function, "item").get(0));
      }
      case "extend" -> {
        List<Value> more = List.copyOf(Iteration.of(run, args.bind(run, function, "items").get(0)));
        run.entries(more.size());
        items.addAll(more);
      }
      case "insert" -> {
        Args.Bound bound = args.bind(run, function, "index", "item");
        run.entries(1 + (items.size() >> 4));
        long at = bound.integer(0);
        items.add(Math.clamp(at < 0 ? at + items.size() : at, 0, items.size()), bound.get(1));
      }
      case "pop" -> {
        long at = args.bind(run, function, "index").integer(0, -1);
        at += at < 0 ? items.size() : 0;
        if (at < 0 || at >= items.size()) {
          throw run.fail("list.pop: there is no such item");
        }
        run.entries(items.size() >> 4);
        return items.remove((int) at);
      }
      case "remove" -> {
        int at = index(run, items, args.bind(run, function, "item").get(0));
        if (at < 0) {
          throw run.fail("list.remove: there is no such item");
        }
        items.remove(at);
      }
      case "reverse" -> {
        run.entries(items.size() >> 2);
        Collections.reverse(items);
      }
      case "copy" -> {
        run.entries(items.size());
        return Value.Sequence.list(new ArrayList<>(items));
      }
      case "count" -> {
        Value wanted = args.bind(run, function, "item").get(0);
        long count = 0;
        for (Value item : items) {
          run.step();
          count += Equality.equal(run, item, wanted) ? 1 : 0;
        }
        return new Value.Int(count);
      }
      default -> {
        int at = index(run, items, args.bind(run, function, "item").get(0));
        if (at < 0) {
          throw run.fail("list.index: there is no such item");
        }
        return new Value.Int(at);
      }
    }
    return Value.None.NONE;
  }

  private static int index(Run run, List<Value> items, Value wanted) {
    for (int i = 0; i < items.size(); i++) {
      run.step();
      if (Equality.equal(run, items.get(i), wanted)) {
        return i;
      }
    }
    return -1;
  }
}
