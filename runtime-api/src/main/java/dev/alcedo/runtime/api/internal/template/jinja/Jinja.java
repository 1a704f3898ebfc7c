// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelFormatException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A template, read once and rendered often. Immutable; any thread.
public final class Jinja {
  private final String name;
  private final Limits limits;
  private final List<Stmt> body;

  private Jinja(String name, Limits limits, List<Stmt> body) {
    this.name = name;
    this.limits = limits;
    this.body = body;
  }

  /// Reads a template within the default limits.
  ///
  /// @param name which template it is, for messages, e.g. `chat template of model.gguf`
  /// @throws ModelFormatException if it is no Jinja, uses what is not known here, or is too large;
  ///   names template and line
  public static Jinja parse(String name, String source) {
    return parse(name, source, Limits.DEFAULTS);
  }

  /// Reads a template.
  ///
  /// @throws ModelFormatException as [#parse(String, String)]
  static Jinja parse(String name, String source, Limits limits) {
    var run = new Run(name, limits, LocalDateTime.MIN);
    if (source.length() > limits.sourceChars()) {
      throw run.beyond("%d characters of template".formatted(limits.sourceChars()));
    }
    try {
      return new Jinja(name, limits, Parser.parse(run, source, limits));
    } catch (StackOverflowError e) {
      throw run.beyond("what the stack of this thread takes");
    }
  }

  /// Renders it.
  ///
  /// @param variables by name: `Map`, `List`, `String`, [Text], whole numbers, `Double`, `Boolean`
  ///   and null; strings count as said by people, [Text] knows better. All is copied
  /// @param now what `strftime_now` takes for now
  /// @throws InvalidRequestException if the template itself refuses the variables
  /// @throws ModelFormatException if it does what does not work, or goes beyond its limits; names
  ///   template, line and limit
  public Text render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
    return render(variables, now, limits);
  }

  /// Renders it on a few words to see what it does: within a thirtieth of the limits.
  ///
  /// @throws InvalidRequestException as [#render(Map, LocalDateTime)]
  /// @throws ModelFormatException as [#render(Map, LocalDateTime)]
  public Text tryOut(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
    return render(variables, now, Limits.PROBE);
  }

  private Text render(
      Map<String, ? extends @Nullable Object> variables, LocalDateTime now, Limits limits) {
    var run = new Run(name, limits, now);
    try {
      var scope = new Scope(null);
      variables.forEach((key, value) -> scope.set(key, value(run, value)));
      Text text = new Renderer(run).render(body, new Scope(scope));
      text.string();
      return text;
    } catch (StackOverflowError e) {
      throw run.beyond("what the stack of this thread takes");
    }
  }

  private static Value value(Run run, @Nullable Object given) {
    run.step();
    return switch (given) {
      case null -> Value.None.NONE;
      case Text text -> text;
      case String text -> {
        run.characters(text.length());
        yield Text.of(text, Text.SAID);
      }
      case Boolean bool -> Value.Bool.of(bool);
      case Integer number -> new Value.Int(number);
      case Long number -> new Value.Int(number);
      case Double number -> new Value.Real(number);
      case List<?> list -> {
        run.enter();
        run.entries(list.size());
        List<Value> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(value(run, item)));
        run.leave();
        yield Value.Sequence.list(items);
      }
      case Map<?, ?> map -> {
        run.enter();
        run.entries(map.size());
        var dict = new Value.Dict();
        map.forEach((key, item) -> {
          String name = String.valueOf(key);
          dict.put(name, Text.of(name, Text.SAID), value(run, item));
        });
        run.leave();
        yield dict;
      }
      default ->
          throw new InvalidRequestException(
              "template variables: expected maps, lists, strings, numbers, truth values or null, got a %s"
                  .formatted(given.getClass().getSimpleName()));
    };
  }
}
