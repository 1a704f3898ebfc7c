// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// Python's idea of true.
final class Truth {
  private Truth() {}

  static boolean of(Value value) {
    return switch (value) {
      case Text text -> !text.isEmpty();
      case Value.Int(long number) -> number != 0;
      case Value.Real(double number) -> number != 0;
      case Value.Bool bool -> bool == Value.Bool.TRUE;
      case Value.None _, Value.Undefined _ -> false;
      case Value.Sequence sequence -> !sequence.items().isEmpty();
      case Value.Dict dict -> !dict.entries().isEmpty();
      case Value.Namespace _, Value.Cycler _, Value.Loop _, Value.Callable _ -> true;
    };
  }
}
