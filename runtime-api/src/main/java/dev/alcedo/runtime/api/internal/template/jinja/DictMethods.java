// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The methods of dicts. Views are lists here, which templates cannot tell apart.
final class DictMethods {
  static final Set<String> NAMES =
      Set.of("copy", "get", "items", "keys", "pop", "setdefault", "update", "values");

  private DictMethods() {}

  static Value call(Run run, Value.Dict dict, String name, Args args) {
    String function = "dict." + name;
    return switch (name) {
      case "get" -> {
        Args.Bound bound = args.bind(run, function, "key", "default");
        Value.Dict.Entry entry = dict.entries().get(Equality.key(run, bound.get(0)));
        yield entry != null ? entry.value() : bound.get(1, Value.None.NONE);
      }
      case "items" -> {
        args.bind(run, function);
        yield Value.Sequence.list(items(run, dict));
      }
      case "keys" -> {
        args.bind(run, function);
        run.entries(dict.entries().size());
        yield Value.Sequence.list(dict.keys());
      }
      case "values" -> {
        args.bind(run, function);
        run.entries(dict.entries().size());
        List<Value> values = new ArrayList<>();
        dict.entries().values().forEach(entry -> values.add(entry.value()));
        yield Value.Sequence.list(values);
      }
      case "copy" -> {
        var copy = new Value.Dict();
        putAll(run, copy, dict);
        yield copy;
      }
      case "update" -> {
        for (Value given : args.positional()) {
          putAll(run, dict, given);
        }
        run.entries(args.named().size());
        args.named().forEach((key, value) -> dict.put(key, Text.written(key), value));
        yield Value.None.NONE;
      }
      case "setdefault" -> {
        Args.Bound bound = args.bind(run, function, "key", "default");
        Object key = Equality.key(run, bound.get(0));
        if (!dict.entries().containsKey(key)) {
          run.entries(1);
          dict.put(key, bound.get(0), bound.get(1, Value.None.NONE));
        }
        yield dict.entries().get(key).value();
      }
      default -> {
        Args.Bound bound = args.bind(run, function, "key", "default");
        Value.Dict.Entry entry = dict.entries().remove(Equality.key(run, bound.get(0)));
        if (entry == null && bound.find(1) == null) {
          throw run.fail("dict.pop: there is no such key");
        }
        yield entry != null ? entry.value() : bound.get(1);
      }
    };
  }

  /// Pairs of key and value.
  static List<Value> items(Run run, Value.Dict dict) {
    run.entries(3L * dict.entries().size());
    List<Value> items = new ArrayList<>(dict.entries().size());
    dict.entries()
        .values()
        .forEach(entry -> items.add(Value.Sequence.tuple(entry.key(), entry.value())));
    return items;
  }

  /// Puts a dict's entries, or pairs, into another.
  static void putAll(Run run, Value.Dict into, Value from) {
    List<Value> pairs =
        from instanceof Value.Dict dict ? items(run, dict) : Iteration.of(run, from);
    for (Value pair : pairs) {
      List<Value> both = Iteration.of(run, pair);
      if (both.size() != 2) {
        throw run.fail("dict: expected pairs of key and value");
      }
      run.entries(1);
      into.put(Equality.key(run, both.get(0)), both.get(0), both.get(1));
    }
  }
}
