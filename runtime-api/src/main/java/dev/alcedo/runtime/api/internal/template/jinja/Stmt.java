// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What writes or does something.
sealed interface Stmt {
  record Data(Text text) implements Stmt {}

  record Print(int line, Expr value) implements Stmt {}

  /// @param bodies of `conditions`, and one more for `else`
  record If(int line, List<Expr> conditions, List<List<Stmt>> bodies) implements Stmt {}

  record For(
      int line,
      Target target,
      Expr items,
      @Nullable Expr condition,
      List<Stmt> body,
      List<Stmt> otherwise,
      boolean isRecursive)
      implements Stmt {}

  record Set(int line, Target target, Expr value) implements Stmt {}

  record SetBlock(int line, Target target, List<Expr.Filter> filters, List<Stmt> body)
      implements Stmt {}

  record DefineMacro(int line, Macro macro) implements Stmt {}

  record CallBlock(int line, Macro caller, Expr.Call call) implements Stmt {}

  record FilterBlock(int line, List<Expr.Filter> filters, List<Stmt> body) implements Stmt {}

  record With(int line, List<Target> targets, List<Expr> values, List<Stmt> body) implements Stmt {}

  record Do(int line, Expr value) implements Stmt {}

  /// Statements that stand together without a scope of their own.
  record Group(List<Stmt> body) implements Stmt {}

  record Break() implements Stmt {}

  record Continue() implements Stmt {}

  /// A macro's text.
  ///
  /// @param defaults of the last parameters
  /// @param takesRest whether the body asks for `varargs`
  /// @param takesNamedRest whether the body asks for `kwargs`
  record Macro(
      int line,
      String name,
      List<String> parameters,
      List<Expr> defaults,
      List<Stmt> body,
      boolean takesRest,
      boolean takesNamedRest) {}

  /// What is assigned to.
  sealed interface Target {
    record Name(String name) implements Target {}

    record Attribute(String namespace, String name) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
