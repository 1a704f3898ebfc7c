// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that every template has.
final class Globals {
  /// Items of a range, as in Jinja2's sandbox.
  private static final int RANGE_MAX = 100_000;

  private static final Map<String, Value.Callable> ALL =
      Map.of(
          "range", Globals::range,
          "namespace", Globals::namespace,
          "dict", Globals::dict,
          "raise_exception", Globals::raise,
          "strftime_now", Globals::strftime,
          "cycler", Globals::cycler,
          "joiner", Globals::joiner);

  private Globals() {}

  static @Nullable Value find(String name) {
    return ALL.get(name);
  }

  private static Value range(Run run, Args args) {
    Args.Bound bound = args.bind(run, "range", "start", "stop", "step");
    boolean isShort = bound.find(1) == null;
    long start = isShort ? 0 : bound.integer(0);
    long stop = bound.integer(isShort ? 0 : 1);
    long step = bound.integer(2, 1);
    if (step == 0) {
      throw run.fail("range: expected a step other than 0");
    }
    // Overflow gives a wrong sign or a huge count; both are caught.
    double count = Math.ceil(((double) stop - (double) start) / step);
    if (count > RANGE_MAX) {
      throw run.beyond("%d numbers in a range".formatted(RANGE_MAX));
    }
    run.entries((long) Math.max(0, count));
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Value.Int(start + i * step));
    }
    return Value.Sequence.list(items);
  }

  private static Value namespace(Run run, Args args) {
    var namespace = new Value.Namespace();
    dict(run, args)
        .entries()
        .values()
        .forEach(
            entry -> namespace.values().put(Repr.text(run, entry.key()).string(), entry.value()));
    return namespace;
  }

  private static Value.Dict dict(Run run, Args args) {
    var dict = new Value.Dict();
    for (Value given : args.positional()) {
      DictMethods.putAll(run, dict, given);
    }
    run.entries(args.named().size());
    args.named().forEach((name, value) -> dict.put(name, Text.written(name), value));
    return dict;
  }

  private static Value raise(Run run, Args args) {
    Value message = args.bind(run, "raise_exception", "message").get(0);
    throw run.refuse("the template refuses: " + Shown.message(Repr.text(run, message).string()));
  }

  private static Value strftime(Run run, Args args) {
    Text format = args.bind(run, "strftime_now", "format").text(0);
    run.characters(16L * format.length());
    return Text.of(Strftime.format(run.now(), format.string()), Text.WRITTEN);
  }

  private static Value cycler(Run run, Args args) {
    if (args.positional().isEmpty()) {
      throw run.fail("cycler: expected at least one item, got none");
    }
    return new Value.Cycler(args.positional());
  }

  private static Value joiner(Run run, Args args) {
    Text separator = args.bind(run, "joiner", "sep").text(0, ", ");
    boolean[] isUsed = {false};
    return (Value.Callable)
        (_, _) -> {
          Text text = isUsed[0] ? separator : Text.EMPTY;
          isUsed[0] = true;
          return text;
        };
  }
}
