// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has a value. Lines are where it stands.
sealed interface Expr {
  record Literal(Value value) implements Expr {}

  record Name(String name) implements Expr {}

  record SequenceLiteral(List<Expr> items, boolean isTuple) implements Expr {}

  record DictLiteral(List<Expr> keys, List<Expr> values) implements Expr {}

  record Attribute(int line, Expr object, String name) implements Expr {}

  record Item(int line, Expr object, Expr key) implements Expr {}

  record Slice(
      int line, Expr object, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
      implements Expr {}

  record Call(int line, Expr function, Arguments arguments) implements Expr {}

  /// @param input nothing for that of a `filter` block
  record Filter(int line, @Nullable Expr input, String name, Arguments arguments) implements Expr {}

  record Test(int line, Expr input, String name, Arguments arguments, boolean isNegated)
      implements Expr {}

  record Unary(int line, String operator, Expr operand) implements Expr {}

  record Binary(int line, String operator, Expr left, Expr right) implements Expr {}

  record Concat(int line, List<Expr> parts) implements Expr {}

  record Comparison(int line, Expr first, List<String> operators, List<Expr> others)
      implements Expr {}

  record Both(Expr left, Expr right) implements Expr {}

  record Either(Expr left, Expr right) implements Expr {}

  record Not(Expr operand) implements Expr {}

  record Conditional(Expr condition, Expr then, @Nullable Expr otherwise) implements Expr {}

  /// What stands in the brackets of a call.
  ///
  /// @param names of `values`
  /// @param rest after `*`
  /// @param namedRest after `**`
  record Arguments(
      List<Expr> positional,
      List<String> names,
      List<Expr> values,
      @Nullable Expr rest,
      @Nullable Expr namedRest) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), null, null);
  }
}
