// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.List;
import java.util.Map;

/// Python's `str` and `repr`. Numbers and names of values count as written by the template; the
/// brackets around what people said do not.
final class Repr {
  private Repr() {}

  /// `str(value)`.
  static Text text(Run run, Value value) {
    return switch (value) {
      case Text text -> text;
      case Value.Undefined _ -> Text.EMPTY;
      case Value.Int(long number) -> Text.written(Long.toString(number));
      case Value.Bool bool -> Text.written(bool == Value.Bool.TRUE ? "True" : "False");
      case Value.Real(double number) -> Text.written(Numbers.repr(number));
      case Value.None _ -> Text.written("None");
      default -> repr(run, value);
    };
  }

  /// `repr(value)`.
  static Text repr(Run run, Value value) {
    var out = new Text.Builder();
    repr(run, value, out);
    run.characters(out.length());
    return out.build();
  }

  private static void repr(Run run, Value value, Text.Builder out) {
    run.step();
    if (out.length() > run.outputCharsMax()) {
      throw run.beyond("%d characters in one text".formatted(run.outputCharsMax()));
    }
    switch (value) {
      case Text text -> quoted(run, text, out);
      case Value.Sequence(List<Value> items, boolean isTuple) -> {
        run.enter();
        out.append(isTuple ? "(" : "[", Text.SAID);
        for (int i = 0; i < items.size(); i++) {
          out.append(i == 0 ? "" : ", ", Text.SAID);
          repr(run, items.get(i), out);
        }
        out.append(isTuple ? (items.size() == 1 ? ",)" : ")") : "]", Text.SAID);
        run.leave();
      }
      case Value.Dict dict -> {
        run.enter();
        String separator = "{";
        for (Value.Dict.Entry entry : dict.entries().values()) {
          out.append(separator, Text.SAID);
          repr(run, entry.key(), out);
          out.append(": ", Text.SAID);
          repr(run, entry.value(), out);
          separator = ", ";
        }
        out.append(dict.entries().isEmpty() ? "{}" : "}", Text.SAID);
        run.leave();
      }
      case Value.Namespace(Map<String, Value> values) -> {
        var dict = new Value.Dict();
        values.forEach((name, v) -> dict.put(name, Text.written(name), v));
        out.append("<Namespace ", Text.SAID);
        repr(run, dict, out);
        out.append(">", Text.SAID);
      }
      case Value.Undefined _ -> out.append("Undefined", Text.SAID);
      case Value.Loop _, Value.Cycler _, Value.Callable _ ->
          out.append("<" + value.typeName() + ">", Text.SAID);
      case Value.Int _, Value.Real _, Value.Bool _, Value.None _ -> out.append(text(run, value));
    }
  }

  private static void quoted(Run run, Text text, Text.Builder out) {
    String characters = text.string();
    run.characters(characters.length());
    boolean isDouble = characters.indexOf('\'') >= 0 && characters.indexOf('"') < 0;
    String quote = isDouble ? "\"" : "'";
    out.append(quote, Text.SAID);
    int next;
    for (int i = 0; i < characters.length(); i = next) {
      int c = characters.codePointAt(i);
      next = i + Character.charCount(c);
      String escaped = escaped(c, quote.charAt(0));
      if (escaped.isEmpty()) {
        out.append(text, i, next);
      } else {
        out.append(escaped, text.markAt(i));
      }
    }
    out.append(quote, Text.SAID);
  }

  private static String escaped(int c, char quote) {
    return switch (c) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        if (c == quote) {
          yield "\\" + quote;
        }
        if (c == ' ' || isPrintable(c)) {
          yield "";
        }
        yield c < 0x100
            ? "\\x%02x".formatted(c)
            : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
      }
    };
  }

  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          c == ' ';
      default -> true;
    };
  }
}
