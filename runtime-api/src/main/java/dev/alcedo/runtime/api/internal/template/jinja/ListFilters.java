// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Filters of lists and dicts. What Jinja2 gives lazily are lists here.
final class ListFilters {
  private ListFilters() {}

  static void register(Map<String, Filters> all) {
    all.put("length", ListFilters::length);
    all.put("count", ListFilters::length);
    all.put(
        "list",
        (run, v, args) -> {
          args.bind(run, "list");
          return copy(run, v);
        });
    all.put(
        "first",
        (run, v, args) -> {
          args.bind(run, "first");
          List<Value> items = Iteration.of(run, v);
          return items.isEmpty() ? new Value.Undefined("there is no first item") : items.getFirst();
        });
    all.put(
        "last",
        (run, v, args) -> {
          args.bind(run, "last");
          List<Value> items = Iteration.of(run, v);
          return items.isEmpty() ? new Value.Undefined("there is no last item") : items.getLast();
        });
    all.put("reverse", ListFilters::reverse);
    all.put("join", ListFilters::join);
    all.put("sort", ListFilters::sort);
    all.put("unique", ListFilters::unique);
    all.put("min", (run, v, args) -> extreme(run, v, args, "min", -1));
    all.put("max", (run, v, args) -> extreme(run, v, args, "max", 1));
    all.put("sum", ListFilters::sum);
    all.put("items", ListFilters::items);
    all.put("dictsort", ListFilters::dictSort);
    all.put("batch", ListFilters::batch);
    all.put("slice", ListFilters::slice);
    all.put("groupby", ListFilters::groupBy);
  }

  private static Value.Sequence copy(Run run, Value value) {
    List<Value> items = Iteration.of(run, value);
    run.entries(items.size());
    return Value.Sequence.list(new ArrayList<>(items));
  }

  private static Value length(Run run, Value value, Args args) {
    args.bind(run, "length");
    return switch (value) {
      case Text text -> {
        run.work(text.length());
        yield new Value.Int(text.count());
      }
      case Value.Sequence(List<Value> items, _) -> new Value.Int(items.size());
      case Value.Dict dict -> new Value.Int(dict.entries().size());
      case Value.Undefined _ -> new Value.Int(0);
      case Value.Loop loop -> new Value.Int(loop.items.size());
      default -> throw run.fail("a %s has no length".formatted(value.typeName()));
    };
  }

  private static Value reverse(Run run, Value value, Args args) {
    args.bind(run, "reverse");
    List<Value> items = copy(run, value).items();
    Collections.reverse(items);
    return value instanceof Text
        ? TextPieces.join(run, Text.EMPTY, items)
        : Value.Sequence.list(items);
  }

  /// What an attribute path, e.g. `function.name`, picks from an item.
  static UnaryOperator<Value> path(Run run, @Nullable Value path, @Nullable Value fallback) {
    if (path == null || path == Value.None.NONE) {
      return item -> item;
    }
    if (Numbers.isWhole(path)) {
      return item -> Attributes.item(run, item, path);
    }
    String[] names = Repr.text(run, path).string().split("\\.", 32);
    return item -> {
      Value value = item;
      for (String name : names) {
        boolean isIndex =
            name.length() < 10
                && !name.isEmpty()
                && name.chars().allMatch(c -> c >= '0' && c <= '9');
        value =
            Attributes.item(
                run, value, isIndex ? new Value.Int(Long.parseLong(name)) : Text.written(name));
        if (value instanceof Value.Undefined && fallback != null) {
          return fallback;
        }
      }
      return value;
    };
  }

  private static Value join(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "join", "d", "attribute");
    UnaryOperator<Value> path = path(run, bound.find(1), null);
    List<Value> texts = new ArrayList<>();
    List<Value> items = Iteration.of(run, value);
    run.entries(items.size());
    for (Value item : items) {
      texts.add(Repr.text(run, path.apply(item)));
    }
    return TextPieces.join(run, Repr.text(run, bound.get(0, Text.EMPTY)), texts);
  }

  /// Items with texts in lower case unless case counts.
  private static Value folded(Run run, Value value, boolean isCaseSensitive) {
    return value instanceof Text text && !isCaseSensitive
        ? TextMethods.call(run, text, "lower", Args.NONE)
        : value;
  }

  private static List<Value> sorted(
      Run run, List<Value> items, UnaryOperator<Value> key, boolean isReversed) {
    record Keyed(Value key, Value item) {}
    run.entries(2L * items.size());
    List<Keyed> keyed = new ArrayList<>(items.size());
    items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
    Comparator<Keyed> order = (a, b) -> Equality.compare(run, a.key(), b.key());
    keyed.sort(isReversed ? order.reversed() : order);
    List<Value> out = new ArrayList<>(items.size());
    keyed.forEach(k -> out.add(k.item()));
    return out;
  }

  private static Value sort(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "sort", "reverse", "case_sensitive", "attribute");
    boolean isCaseSensitive = bound.flag(1, false);
    List<UnaryOperator<Value>> paths = new ArrayList<>();
    if (bound.has(2) && bound.get(2) instanceof Text several) {
      for (String part : several.string().split(",", 32)) {
        paths.add(path(run, Text.written(part), null));
      }
    } else {
      paths.add(path(run, bound.find(2), null));
    }
    UnaryOperator<Value> key =
        item -> {
          List<Value> keys = new ArrayList<>();
          paths.forEach(path -> keys.add(folded(run, path.apply(item), isCaseSensitive)));
          return keys.size() == 1 ? keys.getFirst() : new Value.Sequence(keys, true);
        };
    return Value.Sequence.list(sorted(run, Iteration.of(run, value), key, bound.flag(0, false)));
  }

  private static Value unique(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "unique", "case_sensitive", "attribute");
    UnaryOperator<Value> path = path(run, bound.find(1), null);
    Set<Object> seen = new HashSet<>();
    List<Value> out = new ArrayList<>();
    List<Value> items = Iteration.of(run, value);
    run.entries(2L * items.size());
    for (Value item : items) {
      if (seen.add(Equality.key(run, folded(run, path.apply(item), bound.flag(0, false))))) {
        out.add(item);
      }
    }
    return Value.Sequence.list(out);
  }

  private static Value extreme(Run run, Value value, Args args, String name, int sign) {
    Args.Bound bound = args.bind(run, name, "case_sensitive", "attribute");
    UnaryOperator<Value> path = path(run, bound.find(1), null);
    Value best = new Value.Undefined("there is no item");
    Value bestKey = Value.None.NONE;
    boolean isFirst = true;
    for (Value item : Iteration.of(run, value)) {
      Value key = folded(run, path.apply(item), bound.flag(0, false));
      if (isFirst || sign * Equality.compare(run, key, bestKey) > 0) {
        best = item;
        bestKey = key;
        isFirst = false;
      }
    }
    return best;
  }

  private static Value sum(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "sum", "attribute", "start");
    UnaryOperator<Value> path = path(run, bound.find(0), null);
    Value total = bound.get(1, new Value.Int(0));
    for (Value item : Iteration.of(run, value)) {
      total = Operators.binary(run, "+", total, path.apply(item));
    }
    return total;
  }

  private static Value items(Run run, Value value, Args args) {
    args.bind(run, "items");
    return switch (value) {
      case Value.Dict dict -> Value.Sequence.list(DictMethods.items(run, dict));
      case Value.Undefined _ -> Value.Sequence.list(new ArrayList<>());
      default -> throw run.fail("items: expected a dict, got " + value.typeName());
    };
  }

  private static Value dictSort(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "dictsort", "case_sensitive", "by", "reverse");
    if (!(value instanceof Value.Dict dict)) {
      throw run.fail("dictsort: expected a dict, got " + value.typeName());
    }
    String by = bound.text(1, "key").string();
    if (!by.equals("key") && !by.equals("value")) {
      throw run.fail("dictsort: expected by 'key' or 'value'");
    }
    Value index = new Value.Int(by.equals("key") ? 0 : 1);
    boolean isCaseSensitive = bound.flag(0, false);
    UnaryOperator<Value> key =
        pair -> folded(run, Attributes.item(run, pair, index), isCaseSensitive);
    return Value.Sequence.list(
        sorted(run, DictMethods.items(run, dict), key, bound.flag(2, false)));
  }

  private static Value batch(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "batch", "linecount", "fill_with");
    long size = bound.integer(0);
    if (size < 1) {
      throw run.fail("batch: expected a size of at least 1, got %d".formatted(size));
    }
    List<Value> out = new ArrayList<>();
    List<Value> line = new ArrayList<>();
    for (Value item : Iteration.of(run, value)) {
      run.entries(1);
      if (line.size() == size) {
        out.add(Value.Sequence.list(line));
        line = new ArrayList<>();
      }
      line.add(item);
    }
    if (!line.isEmpty()) {
      if (bound.has(1)) {
        run.entries(size - line.size());
        while (line.size() < size) {
          line.add(bound.get(1));
        }
      }
      out.add(Value.Sequence.list(line));
    }
    return Value.Sequence.list(out);
  }

  private static Value slice(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "slice", "slices", "fill_with");
    long count = bound.integer(0);
    if (count < 1) {
      throw run.fail("slice: expected at least 1, got %d".formatted(count));
    }
    List<Value> items = Iteration.of(run, value);
    run.entries(count);
    run.entries(items.size());
    long each = items.size() / count;
    long longer = items.size() % count;
    List<Value> out = new ArrayList<>();
    int start = 0;
    for (long i = 0; i < count; i++) {
      int end = (int) (start + each + (i < longer ? 1 : 0));
      List<Value> part = new ArrayList<>(items.subList(start, end));
      if (bound.has(1) && i >= longer && longer > 0) {
        part.add(bound.get(1));
      }
      out.add(Value.Sequence.list(part));
      start = end;
    }
    return Value.Sequence.list(out);
  }

  private static Value groupBy(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "groupby", "attribute", "default", "case_sensitive");
    UnaryOperator<Value> path = path(run, bound.get(0), bound.find(1));
    boolean isCaseSensitive = bound.flag(2, false);
    UnaryOperator<Value> key = item -> folded(run, path.apply(item), isCaseSensitive);
    List<Value> groups = new ArrayList<>();
    List<Value> group = new ArrayList<>();
    Value last = Value.None.NONE;
    for (Value item : sorted(run, Iteration.of(run, value), key, false)) {
      run.entries(2);
      Value now = key.apply(item);
      if (group.isEmpty() || !Equality.equal(run, last, now)) {
        group = new ArrayList<>();
        groups.add(group(path.apply(item), group));
        last = now;
      }
      group.add(item);
    }
    return Value.Sequence.list(groups);
  }

  /// A group can be unpacked like a tuple; `grouper` and `list` are its parts.
  private static Value group(Value key, List<Value> items) {
    return Value.Sequence.tuple(key, Value.Sequence.list(items));
  }
}
