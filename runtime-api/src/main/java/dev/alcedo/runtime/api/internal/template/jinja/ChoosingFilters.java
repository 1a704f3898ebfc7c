// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Filters that ask or change every item: `map`, `select` and their kin.
final class ChoosingFilters {
  private ChoosingFilters() {}

  static void register(Map<String, Filters> all) {
    all.put("map", ChoosingFilters::map);
    all.put("select", (run, v, args) -> choose(run, v, args, "select", false, true));
    all.put("reject", (run, v, args) -> choose(run, v, args, "reject", false, false));
    all.put("selectattr", (run, v, args) -> choose(run, v, args, "selectattr", true, true));
    all.put("rejectattr", (run, v, args) -> choose(run, v, args, "rejectattr", true, false));
  }

  private static Value map(Run run, Value value, Args args) {
    UnaryOperator<Value> change;
    if (args.positional().isEmpty()) {
      Args.Bound bound = args.bind(run, "map", "attribute", "default");
      bound.get(0);
      change = ListFilters.path(run, bound.find(0), bound.find(1));
    } else {
      Filters filter = Filters.find(run, name(run, args, 0, "map"));
      Args rest = new Args(args.positional().subList(1, args.positional().size()), args.named());
      change = item -> filter.apply(run, item, rest);
    }
    List<Value> items = Iteration.of(run, value);
    List<Value> out = new ArrayList<>();
    run.enter();
    for (Value item : items) {
      run.step();
      run.entries(1);
      out.add(change.apply(item));
    }
    run.leave();
    return Value.Sequence.list(out);
  }

  private static Value choose(
      Run run, Value value, Args args, String function, boolean byAttribute, boolean isWanted) {
    int at = byAttribute ? 1 : 0;
    if (byAttribute && args.positional().isEmpty()) {
      throw run.fail(function + ": expected the name of an attribute");
    }
    UnaryOperator<Value> path =
        byAttribute ? ListFilters.path(run, args.positional().getFirst(), null) : item -> item;
    Tests test = (_, item, _) -> Truth.of(item);
    Args rest = Args.NONE;
    if (args.positional().size() > at) {
      test = Tests.find(run, name(run, args, at, function));
      rest =
          new Args(
              args.positional().subList(at + 1, args.positional().size()),
              new LinkedHashMap<>(args.named()));
    }
    List<Value> out = new ArrayList<>();
    run.enter();
    for (Value item : Iteration.of(run, value)) {
      run.step();
      if (test.test(run, path.apply(item), rest) == isWanted) {
        run.entries(1);
        out.add(item);
      }
    }
    run.leave();
    return Value.Sequence.list(out);
  }

  private static String name(Run run, Args args, int i, String function) {
    if (args.positional().get(i) instanceof Text name) {
      return name.string();
    }
    throw run.fail(
        "%s: expected a name, got %s".formatted(function, args.positional().get(i).typeName()));
  }
}
