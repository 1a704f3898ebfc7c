// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.List;

/// What `loop` has inside a `for`.
final class LoopAttributes {
  private LoopAttributes() {}

  static Value get(Run run, Value.Loop loop, String name) {
    int size = loop.items.size();
    int index = loop.index;
    return switch (name) {
      case "index" -> new Value.Int(index + 1);
      case "index0" -> new Value.Int(index);
      case "revindex" -> new Value.Int(size - index);
      case "revindex0" -> new Value.Int(size - index - 1);
      case "first" -> Value.Bool.of(index == 0);
      case "last" -> Value.Bool.of(index == size - 1);
      case "length" -> new Value.Int(size);
      case "depth" -> new Value.Int(loop.depth + 1);
      case "depth0" -> new Value.Int(loop.depth);
      case "previtem" ->
          index > 0 ? loop.items.get(index - 1) : new Value.Undefined("there is no previous item");
      case "nextitem" ->
          index < size - 1
              ? loop.items.get(index + 1)
              : new Value.Undefined("there is no next item");
      case "cycle" ->
          (Value.Callable)
              (r, args) -> {
                List<Value> given = args.positional();
                if (given.isEmpty()) {
                  throw r.fail("loop.cycle: expected arguments, got none");
                }
                return given.get(loop.index % given.size());
              };
      case "changed" ->
          (Value.Callable)
              (r, args) -> {
                Value now = new Value.Sequence(args.positional(), true);
                boolean isSame = loop.changed != null && Equality.equal(r, loop.changed, now);
                loop.changed = now;
                return Value.Bool.of(!isSame);
              };
      default -> new Value.Undefined("loop has no '%s'".formatted(Shown.name(name)));
    };
  }
}
