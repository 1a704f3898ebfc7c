// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Python's `json.dumps` as the transformers library hands it to templates: nothing is escaped for
/// HTML, and characters beyond ASCII stay as they are unless asked. What stands in strings keeps
/// its marks; the punctuation around counts as said, because no template writes control tokens in
/// JSON.
final class Json {
  private final Run run;
  private final boolean isAscii;
  private final @Nullable String indent;
  private final Text itemSeparator;
  private final Text keySeparator;
  private final boolean isSorted;
  private final Text.Builder out = new Text.Builder();

  private Json(
      Run run,
      boolean isAscii,
      @Nullable String indent,
      Text itemSeparator,
      Text keySeparator,
      boolean isSorted) {
    this.run = run;
    this.isAscii = isAscii;
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
    this.isSorted = isSorted;
  }

  /// The filter `tojson`.
  static Value dumps(Run run, Value value, Args args) {
    Args.Bound bound =
        args.bind(run, "tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    String indent = null;
    if (bound.has(1)) {
      indent = bound.get(1) instanceof Text text ? text.string() : spaces(run, bound.integer(1));
    }
    Text item = Text.of(indent == null ? ", " : ",", Text.SAID);
    Text key = Text.of(": ", Text.SAID);
    if (bound.has(2)) {
      List<Value> separators = Iteration.of(run, bound.get(2));
      if (separators.size() != 2
          || !(separators.get(0) instanceof Text first)
          || !(separators.get(1) instanceof Text second)) {
        throw bound.wrong(2, "two strings");
      }
      item = first;
      key = second;
    }
    var json = new Json(run, bound.flag(0, false), indent, item, key, bound.flag(3, false));
    json.write(value, 0);
    run.characters(json.out.length());
    return json.out.build();
  }

  private static String spaces(Run run, long count) {
    run.characters(Math.max(0, count));
    return " ".repeat((int) Math.max(0, count));
  }

  private void write(Value value, int level) {
    run.step();
    if (out.length() > run.outputCharsMax()) {
      throw run.beyond("%d characters in one text".formatted(run.outputCharsMax()));
    }
    switch (value) {
      case Text text -> string(text);
      case Value.None _ -> out.append("null", Text.SAID);
      case Value.Bool bool -> out.append(bool == Value.Bool.TRUE ? "true" : "false", Text.SAID);
      case Value.Int(long number) -> out.append(Long.toString(number), Text.SAID);
      case Value.Real(double number) -> out.append(number(number), Text.SAID);
      case Value.Sequence(List<Value> items, _) -> list(items, level);
      case Value.Dict dict -> dict(dict, level);
      case Value.Undefined(String problem) -> throw run.fail("tojson: " + problem);
      default -> throw run.fail("tojson: a %s has no JSON".formatted(value.typeName()));
    }
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Numbers.repr(value);
  }

  private void list(List<Value> items, int level) {
    if (items.isEmpty()) {
      out.append("[]", Text.SAID);
      return;
    }
    run.enter();
    out.append("[", Text.SAID);
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? Text.EMPTY : itemSeparator);
      lineBreak(level + 1);
      write(items.get(i), level + 1);
    }
    lineBreak(level);
    out.append("]", Text.SAID);
    run.leave();
  }

  private void dict(Value.Dict dict, int level) {
    if (dict.entries().isEmpty()) {
      out.append("{}", Text.SAID);
      return;
    }
    run.enter();
    List<Value.Dict.Entry> entries = new ArrayList<>(dict.entries().values());
    if (isSorted) {
      entries.sort((a, b) -> Equality.compare(run, a.key(), b.key()));
    }
    out.append("{", Text.SAID);
    boolean isFirst = true;
    for (Value.Dict.Entry entry : entries) {
      out.append(isFirst ? Text.EMPTY : itemSeparator);
      isFirst = false;
      lineBreak(level + 1);
      key(entry.key());
      out.append(keySeparator);
      write(entry.value(), level + 1);
    }
    lineBreak(level);
    out.append("}", Text.SAID);
    run.leave();
  }

  private void key(Value key) {
    switch (key) {
      case Text text -> string(text);
      case Value.Int _, Value.Real _, Value.Bool _, Value.None _ -> {
        out.append("\"", Text.SAID);
        write(key, 0);
        out.append("\"", Text.SAID);
      }
      default -> throw run.fail("tojson: a %s cannot be a key".formatted(key.typeName()));
    }
  }

  private void lineBreak(int level) {
    String step = indent;
    if (step != null) {
      run.characters(1 + (long) step.length() * level);
      out.append("\n" + step.repeat(level), Text.SAID);
    }
  }

  private void string(Text text) {
    String characters = text.string();
    run.characters(characters.length());
    out.append("\"", Text.SAID);
    int plain = 0;
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && (c < 127 || !isAscii)) {
        continue;
      }
      out.append(text, plain, i);
      out.append(escaped(c), text.markAt(i));
      plain = i + 1;
    }
    out.append(text, plain, characters.length());
    out.append("\"", Text.SAID);
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\f' -> "\\f";
      case '\b' -> "\\b";
      case 127 -> "\u007F";
      default -> "\\u%04x".formatted((int) c);
    };
  }
}
