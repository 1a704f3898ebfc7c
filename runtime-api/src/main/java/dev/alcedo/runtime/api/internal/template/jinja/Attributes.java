// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.List;

/// `object.name` and `object[key]`. What is listed here and in the method classes is all there is.
final class Attributes {
  private Attributes() {}

  /// `object.name`: a method if the type has one of this name, as in Python, else an entry.
  static Value attribute(Run run, Value object, String name) {
    return switch (object) {
      case Value.Dict dict -> {
        if (DictMethods.NAMES.contains(name)) {
          yield (Value.Callable) (r, args) -> DictMethods.call(r, dict, name, args);
        }
        Value value = dict.find(name);
        yield value != null ? value : missing(object, name);
      }
      case Text text when TextMethods.NAMES.contains(name) ->
          (Value.Callable) (r, args) -> TextMethods.call(r, text, name, args);
      case Value.Sequence list
          when ListMethods.NAMES.contains(name)
              && (!list.isTuple() || ListMethods.isReading(name)) ->
          (Value.Callable) (r, args) -> ListMethods.call(r, list, name, args);
      case Value.Namespace(var values) -> {
        Value value = values.get(name);
        yield value != null ? value : missing(object, name);
      }
      case Value.Loop loop -> LoopAttributes.get(run, loop, name);
      case Value.Cycler cycler ->
          switch (name) {
            case "current" -> cycler.current();
            case "next" -> (Value.Callable) (_, _) -> cycler.next();
            case "reset" ->
                (Value.Callable)
                    (_, _) -> {
                      cycler.reset();
                      return Value.None.NONE;
                    };
            default -> missing(object, name);
          };
      case Value.Undefined(String problem) ->
          throw run.fail(problem + " and has no '%s'".formatted(Shown.name(name)));
      default -> missing(object, name);
    };
  }

  /// `object[key]`.
  static Value item(Run run, Value object, Value key) {
    if (object instanceof Value.Undefined(String problem)) {
      throw run.fail(problem + " and has no items");
    }
    if (object instanceof Value.Dict dict) {
      Value.Dict.Entry entry =
          key instanceof Value.Undefined ? null : dict.entries().get(Equality.key(run, key));
      if (entry != null) {
        return entry.value();
      }
    }
    if (Numbers.isWhole(key)) {
      long index = Numbers.whole(key);
      if (object instanceof Value.Sequence(List<Value> items, _)) {
        long at = index < 0 ? index + items.size() : index;
        return at >= 0 && at < items.size() ? items.get((int) at) : missing(object, index);
      }
      if (object instanceof Text text) {
        return character(run, text, index);
      }
    }
    if (!(key instanceof Text name)) {
      return missing(object, key.typeName());
    }
    Value value = attribute(run, object, name.string());
    // What somebody said does not go into messages, which may be logged.
    boolean isSaid = !name.isEmpty() && name.markAt(0) != Text.WRITTEN;
    return value instanceof Value.Undefined && isSaid ? missing(object, "such item") : value;
  }

  private static Value character(Run run, Text text, long index) {
    run.work(text.length());
    int count = text.count();
    long at = index < 0 ? index + count : index;
    if (at < 0 || at >= count) {
      return missing(text, index);
    }
    String characters = text.string();
    int start = count == text.length() ? (int) at : characters.offsetByCodePoints(0, (int) at);
    return text.substring(start, characters.offsetByCodePoints(start, 1));
  }

  private static Value missing(Value object, Object name) {
    return new Value.Undefined(
        "%s has no '%s'".formatted(object.typeName(), Shown.name(String.valueOf(name))));
  }
}
