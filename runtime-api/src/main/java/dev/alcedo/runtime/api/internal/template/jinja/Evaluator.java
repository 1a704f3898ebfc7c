// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Computes expressions.
final class Evaluator {
  private final Run run;

  Evaluator(Run run) {
    this.run = run;
  }

  Value value(Expr expression, Scope scope) {
    run.step();
    switch (expression) { // leaves need no level of their own
      case Expr.Literal(Value value) -> {
        return value;
      }
      case Expr.Name(String name) -> {
        return name(name, scope);
      }
      default -> {}
    }
    run.enter();
    Value value = inner(expression, scope);
    run.leave();
    return value;
  }

  private Value inner(Expr expression, Scope scope) {
    return switch (expression) {
      case Expr.Literal(Value value) -> value;
      case Expr.Name(String name) -> name(name, scope);
      case Expr.SequenceLiteral list ->
          new Value.Sequence(all(list.items(), scope), list.isTuple());
      case Expr.DictLiteral dict -> dict(dict, scope);
      case Expr.Attribute attribute -> {
        Value object = value(attribute.object(), scope);
        run.at(attribute.line());
        yield Attributes.attribute(run, object, attribute.name());
      }
      case Expr.Item item -> {
        Value object = value(item.object(), scope);
        Value key = value(item.key(), scope);
        run.at(item.line());
        yield Attributes.item(run, object, key);
      }
      case Expr.Slice slice -> slice(slice, scope);
      case Expr.Call call -> call(call, scope, null);
      case Expr.Filter filter ->
          filter(filter, filter.input() == null ? Text.EMPTY : value(filter.input(), scope), scope);
      case Expr.Test test -> test(test, scope);
      case Expr.Unary unary -> {
        Value operand = value(unary.operand(), scope);
        run.at(unary.line());
        yield Operators.unary(run, unary.operator(), operand);
      }
      case Expr.Binary binary -> {
        Value left = value(binary.left(), scope);
        Value right = value(binary.right(), scope);
        run.at(binary.line());
        yield Operators.binary(run, binary.operator(), left, right);
      }
      case Expr.Concat concat -> {
        Text text = Text.EMPTY;
        for (Expr part : concat.parts()) {
          text = Text.join(run, text, Repr.text(run, value(part, scope)));
        }
        yield text;
      }
      case Expr.Comparison comparison -> comparison(comparison, scope);
      case Expr.Both(Expr left, Expr right) -> {
        Value first = value(left, scope);
        yield Truth.of(first) ? value(right, scope) : first;
      }
      case Expr.Either(Expr left, Expr right) -> {
        Value first = value(left, scope);
        yield Truth.of(first) ? first : value(right, scope);
      }
      case Expr.Not(Expr operand) -> Value.Bool.of(!Truth.of(value(operand, scope)));
      case Expr.Conditional conditional -> {
        if (Truth.of(value(conditional.condition(), scope))) {
          yield value(conditional.then(), scope);
        }
        Expr otherwise = conditional.otherwise();
        yield otherwise == null
            ? new Value.Undefined("a conditional without 'else' has no value here")
            : value(otherwise, scope);
      }
    };
  }

  private static Value name(String name, Scope scope) {
    Value value = scope.find(name);
    if (value != null) {
      return value;
    }
    Value global = Globals.find(name);
    return global != null
        ? global
        : new Value.Undefined("'%s' is undefined".formatted(Shown.name(name)));
  }

  private List<Value> all(List<Expr> expressions, Scope scope) {
    run.entries(expressions.size());
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expr expression : expressions) {
      values.add(value(expression, scope));
    }
    return values;
  }

  private Value dict(Expr.DictLiteral literal, Scope scope) {
    var dict = new Value.Dict();
    run.entries(2L * literal.keys().size());
    for (int i = 0; i < literal.keys().size(); i++) {
      Value key = value(literal.keys().get(i), scope);
      dict.put(Equality.key(run, key), key, value(literal.values().get(i), scope));
    }
    return dict;
  }

  private Value slice(Expr.Slice slice, Scope scope) {
    Value object = value(slice.object(), scope);
    Value start = optional(slice.start(), scope);
    Value stop = optional(slice.stop(), scope);
    Value step = optional(slice.step(), scope);
    run.at(slice.line());
    return Slices.of(run, object, start, stop, step);
  }

  private Value optional(@Nullable Expr expression, Scope scope) {
    return expression == null ? Value.None.NONE : value(expression, scope);
  }

  /// The value of a call.
  ///
  /// @param caller to be handed over as `caller`, if any
  Value call(Expr.Call call, Scope scope, Value.@Nullable Callable caller) {
    Value function = value(call.function(), scope);
    Args args = arguments(call.arguments(), scope);
    if (caller != null) {
      Map<String, Value> named = new LinkedHashMap<>(args.named());
      named.put("caller", caller);
      args = new Args(args.positional(), named);
    }
    run.at(call.line());
    return switch (function) {
      case Value.Callable callable -> callable.call(run, args);
      case Value.Loop loop when loop.again != null -> loop.again.call(run, args);
      case Value.Undefined(String problem) -> throw run.fail(problem + " and cannot be called");
      default -> throw run.fail("a %s cannot be called".formatted(function.typeName()));
    };
  }

  Args arguments(Expr.Arguments arguments, Scope scope) {
    if (arguments == Expr.Arguments.NONE) {
      return Args.NONE;
    }
    List<Value> positional = all(arguments.positional(), scope);
    if (arguments.rest() != null) {
      positional.addAll(Iteration.of(run, value(arguments.rest(), scope)));
    }
    Map<String, Value> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.names().size(); i++) {
      if (named.put(arguments.names().get(i), value(arguments.values().get(i), scope)) != null) {
        throw run.fail("argument '%s' twice".formatted(Shown.name(arguments.names().get(i))));
      }
    }
    if (arguments.namedRest() != null) {
      if (!(value(arguments.namedRest(), scope) instanceof Value.Dict dict)) {
        throw run.fail("expected a dict after '**'");
      }
      for (Value.Dict.Entry entry : dict.entries().values()) {
        named.put(Repr.text(run, entry.key()).string(), entry.value());
      }
    }
    return new Args(positional, named);
  }

  Value filter(Expr.Filter filter, Value input, Scope scope) {
    Args args = arguments(filter.arguments(), scope);
    run.at(filter.line());
    return Filters.find(run, filter.name()).apply(run, input, args);
  }

  private Value test(Expr.Test test, Scope scope) {
    Value input = value(test.input(), scope);
    Args args = arguments(test.arguments(), scope);
    run.at(test.line());
    boolean isTrue = Tests.find(run, test.name()).test(run, input, args);
    return Value.Bool.of(isTrue != test.isNegated());
  }

  private Value comparison(Expr.Comparison comparison, Scope scope) {
    Value left = value(comparison.first(), scope);
    for (int i = 0; i < comparison.operators().size(); i++) {
      Value right = value(comparison.others().get(i), scope);
      run.at(comparison.line());
      if (!Operators.compare(run, comparison.operators().get(i), left, right)) {
        return Value.Bool.FALSE;
      }
      left = right;
    }
    return Value.Bool.TRUE;
  }
}
