// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Carries out statements.
final class Renderer {
  /// How a statement ends.
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Run run;
  private final Evaluator evaluator;

  Renderer(Run run) {
    this.run = run;
    this.evaluator = new Evaluator(run);
  }

  /// What the statements write.
  Text render(List<Stmt> body, Scope scope) {
    var out = new Text.Builder();
    run.enter();
    body(body, scope, out);
    run.leave();
    return out.build();
  }

  private Flow body(List<Stmt> body, Scope scope, Text.Builder out) {
    for (Stmt statement : body) {
      Flow flow = statement(statement, scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow statement(Stmt statement, Scope scope, Text.Builder out) {
    run.step();
    switch (statement) {
      case Stmt.Data(Text text) -> write(text, out);
      case Stmt.Print(int line, Expr value) -> {
        run.at(line);
        write(Repr.text(run, evaluator.value(value, scope)), out);
      }
      case Stmt.If conditional -> {
        return nested(chosen(conditional, scope), scope, out);
      }
      case Stmt.For loop -> loop(loop, scope, out, 0, null);
      case Stmt.Set(int line, Stmt.Target target, Expr value) -> {
        run.at(line);
        assign(target, evaluator.value(value, scope), scope, scope);
      }
      case Stmt.SetBlock block -> {
        run.at(block.line());
        Text text = render(block.body(), new Scope(scope));
        assign(block.target(), filtered(block.filters(), text, scope), scope, scope);
      }
      case Stmt.DefineMacro(int line, Stmt.Macro macro) -> {
        run.at(line);
        scope.set(macro.name(), new MacroFunction(macro, scope));
      }
      case Stmt.CallBlock block -> {
        run.at(block.line());
        var caller = new MacroFunction(block.caller(), scope);
        write(Repr.text(run, evaluator.call(block.call(), scope, caller)), out);
      }
      case Stmt.FilterBlock block -> {
        run.at(block.line());
        Text text = render(block.body(), new Scope(scope));
        write(Repr.text(run, filtered(block.filters(), text, scope)), out);
      }
      case Stmt.With with -> {
        run.at(with.line());
        var inner = new Scope(scope);
        for (int i = 0; i < with.targets().size(); i++) {
          assign(with.targets().get(i), evaluator.value(with.values().get(i), scope), inner, scope);
        }
        return nested(with.body(), inner, out);
      }
      case Stmt.Do(int line, Expr value) -> {
        run.at(line);
        evaluator.value(value, scope);
      }
      case Stmt.Group(List<Stmt> body) -> {
        return nested(body, scope, out);
      }
      case Stmt.Break _ -> {
        return Flow.BREAK;
      }
      case Stmt.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private Flow nested(List<Stmt> body, Scope scope, Text.Builder out) {
    run.enter();
    Flow flow = body(body, scope, out);
    run.leave();
    return flow;
  }

  private void write(Text text, Text.Builder out) {
    run.characters(text.length());
    if (out.length() + (long) text.length() > run.outputCharsMax()) {
      throw run.beyond("%d characters of output".formatted(run.outputCharsMax()));
    }
    out.append(text);
  }

  private List<Stmt> chosen(Stmt.If conditional, Scope scope) {
    run.at(conditional.line());
    int i = 0;
    while (i < conditional.conditions().size()
        && !Truth.of(evaluator.value(conditional.conditions().get(i), scope))) {
      i++;
    }
    return i < conditional.bodies().size() ? conditional.bodies().get(i) : List.of();
  }

  private Value filtered(List<Expr.Filter> filters, Text text, Scope scope) {
    Value value = text;
    for (Expr.Filter filter : filters) {
      value = evaluator.filter(filter, value, scope);
    }
    return value;
  }

  private void loop(
      Stmt.For loop, Scope scope, Text.Builder out, int depth, @Nullable Value given) {
    run.at(loop.line());
    Value source = given != null ? given : evaluator.value(loop.items(), scope);
    List<Value> items = chosen(loop, Iteration.of(run, source), scope);
    if (items.isEmpty()) {
      nested(loop.otherwise(), new Scope(scope), out);
      return;
    }
    Value.@Nullable Callable again = loop.isRecursive() ? again(loop, scope, depth + 1) : null;
    var state = new Value.Loop(items, depth, again);
    run.enter();
    for (int i = 0; i < items.size(); i++) {
      run.step();
      state.index = i;
      var inner = new Scope(scope);
      inner.set("loop", state);
      assign(loop.target(), items.get(i), inner, scope);
      if (body(loop.body(), inner, out) == Flow.BREAK) {
        break;
      }
    }
    run.leave();
  }

  /// The items that the loop's condition lets through, a copy: the body may change the list.
  private List<Value> chosen(Stmt.For loop, List<Value> items, Scope scope) {
    run.entries(items.size());
    Expr condition = loop.condition();
    if (condition == null) {
      return List.copyOf(items);
    }
    List<Value> chosen = new ArrayList<>();
    for (Value item : items) {
      var inner = new Scope(scope);
      assign(loop.target(), item, inner, scope);
      if (Truth.of(evaluator.value(condition, inner))) {
        chosen.add(item);
      }
    }
    return chosen;
  }

  private Value.Callable again(Stmt.For loop, Scope scope, int depth) {
    return (_, args) -> {
      Value items = args.bind(run, "loop", "items").get(0);
      var out = new Text.Builder();
      run.enter();
      loop(loop, scope, out, depth, items);
      run.leave();
      return out.build();
    };
  }

  private void assign(Stmt.Target target, Value value, Scope into, Scope around) {
    switch (target) {
      case Stmt.Target.Name(String name) -> into.set(name, value);
      case Stmt.Target.Attribute(String namespace, String name) -> {
        if (!(around.find(namespace) instanceof Value.Namespace found)) {
          throw run.fail(
              "cannot set '%s' of '%s', which is no namespace"
                  .formatted(Shown.name(name), Shown.name(namespace)));
        }
        run.entries(1);
        found.values().put(name, value);
      }
      case Stmt.Target.Several(List<Stmt.Target> targets) -> {
        List<Value> values = Iteration.of(run, value);
        if (values.size() != targets.size()) {
          throw run.fail(
              "expected %d values to unpack, got %d".formatted(targets.size(), values.size()));
        }
        for (int i = 0; i < targets.size(); i++) {
          assign(targets.get(i), values.get(i), into, around);
        }
      }
    }
  }

  /// A macro with the scope that it was defined in.
  private final class MacroFunction implements Value.Callable {
    private final Stmt.Macro macro;
    private final Scope around;

    MacroFunction(Stmt.Macro macro, Scope around) {
      this.macro = macro;
      this.around = around;
    }

    @Override
    public Value call(Run run, Args args) {
      run.enter();
      run.entries(4); // a scope and a text of its own
      var scope = new Scope(around);
      bind(args, scope);
      int line = run.line();
      Text text = render(macro.body(), scope);
      run.at(line);
      run.leave();
      return text;
    }

    private void bind(Args args, Scope scope) {
      List<String> parameters = macro.parameters();
      List<Value> given = args.positional();
      if (given.size() > parameters.size() && !macro.takesRest()) {
        throw run.fail(
            "macro '%s' takes at most %d arguments, got %d"
                .formatted(Shown.name(macro.name()), parameters.size(), given.size()));
      }
      int withoutDefault = parameters.size() - macro.defaults().size();
      for (int i = 0; i < parameters.size(); i++) {
        String name = parameters.get(i);
        Value named = args.named().get(name);
        if (i < given.size()) {
          scope.set(name, given.get(i));
        } else if (named != null) {
          scope.set(name, named);
        } else if (i >= withoutDefault) {
          scope.set(name, evaluator.value(macro.defaults().get(i - withoutDefault), scope));
        } else {
          scope.set(
              name,
              new Value.Undefined("parameter '%s' was not provided".formatted(Shown.name(name))));
        }
      }
      bindRest(args, scope);
    }

    private void bindRest(Args args, Scope scope) {
      if (macro.takesRest()) {
        List<Value> given = args.positional();
        int from = Math.min(macro.parameters().size(), given.size());
        scope.set("varargs", new Value.Sequence(given.subList(from, given.size()), true));
      }
      var rest = new Value.Dict();
      for (Map.Entry<String, Value> entry : args.named().entrySet()) {
        if (entry.getKey().equals("caller")) {
          scope.set("caller", entry.getValue());
        } else if (!macro.parameters().contains(entry.getKey())) {
          rest.put(entry.getKey(), Text.written(entry.getKey()), entry.getValue());
        }
      }
      if (macro.takesNamedRest()) {
        scope.set("kwargs", rest);
      } else if (!rest.entries().isEmpty()) {
        throw run.fail(
            "macro '%s' has no parameter '%s'"
                .formatted(
                    Shown.name(macro.name()),
                    Shown.name((String) rest.entries().keySet().iterator().next())));
      }
    }
  }
}
