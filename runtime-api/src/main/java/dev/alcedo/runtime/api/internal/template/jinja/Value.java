// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that a template can get hold of. Lists, dicts and namespaces can be changed by the
/// template; what is handed in is copied first.
sealed interface Value
    permits Text,
        Value.Int,
        Value.Real,
        Value.Bool,
        Value.None,
        Value.Undefined,
        Value.Sequence,
        Value.Dict,
        Value.Namespace,
        Value.Cycler,
        Value.Loop,
        Value.Callable {
  /// Python's name of the type, for messages.
  String typeName();

  /// A whole number; Python's are longer, those of templates are not.
  record Int(long value) implements Value {
    @Override
    public String typeName() {
      return "int";
    }
  }

  /// A floating-point number.
  record Real(double value) implements Value {
    @Override
    public String typeName() {
      return "float";
    }
  }

  /// A truth value.
  enum Bool implements Value {
    FALSE,
    TRUE;

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String typeName() {
      return "bool";
    }
  }

  /// `none`.
  enum None implements Value {
    NONE;

    @Override
    public String typeName() {
      return "NoneType";
    }
  }

  /// What names without a value give: prints as nothing, is false, has nothing in it.
  ///
  /// @param problem what to say if more is asked of it
  record Undefined(String problem) implements Value {
    @Override
    public String typeName() {
      return "undefined value";
    }
  }

  /// A list or a tuple.
  record Sequence(List<Value> items, boolean isTuple) implements Value {
    static Sequence list(List<Value> items) {
      return new Sequence(items, false);
    }

    static Sequence tuple(Value... items) {
      return new Sequence(List.of(items), true);
    }

    @Override
    public String typeName() {
      return isTuple ? "tuple" : "list";
    }
  }

  /// A dict, in the order of insertion.
  final class Dict implements Value {
    /// @param key as it was given
    record Entry(Value key, Value value) {}

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    /// The entries by [Equality#key].
    Map<Object, Entry> entries() {
      return entries;
    }

    @Nullable Value find(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    void put(Object hashed, Value key, Value value) {
      Entry old = entries.get(hashed);
      entries.put(hashed, new Entry(old == null ? key : old.key(), value));
    }

    List<Value> keys() {
      List<Value> keys = new ArrayList<>(entries.size());
      entries.values().forEach(entry -> keys.add(entry.key()));
      return keys;
    }

    @Override
    public String typeName() {
      return "dict";
    }
  }

  /// `namespace(...)`: attributes that inner scopes can set.
  record Namespace(Map<String, Value> values) implements Value {
    Namespace() {
      this(new HashMap<>());
    }

    @Override
    public String typeName() {
      return "namespace";
    }
  }

  /// `cycler(...)`.
  final class Cycler implements Value {
    private final List<Value> items;
    private int next;

    Cycler(List<Value> items) {
      this.items = items;
    }

    Value current() {
      return items.get(next);
    }

    Value next() {
      Value value = items.get(next);
      next = (next + 1) % items.size();
      return value;
    }

    void reset() {
      next = 0;
    }

    @Override
    public String typeName() {
      return "cycler";
    }
  }

  /// `loop` inside a `for`.
  final class Loop implements Value {
    final List<Value> items;
    final int depth;
    final @Nullable Callable again;
    int index;
    @Nullable Value changed;

    /// @param items all that the loop goes over
    /// @param depth loops around this one, for recursive ones
    /// @param again renders the loop for other items, if it is recursive
    Loop(List<Value> items, int depth, @Nullable Callable again) {
      this.items = items;
      this.depth = depth;
      this.again = again;
    }

    @Override
    public String typeName() {
      return "loop";
    }
  }

  /// A function, macro or method.
  non-sealed interface Callable extends Value {
    Value call(Run run, Args args);

    @Override
    default String typeName() {
      return "function";
    }
  }
}
