// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Filters that make texts of texts.
final class TextFilters {
  private TextFilters() {}

  static void register(Map<String, Filters> all) {
    for (String name : List.of("upper", "lower", "capitalize")) {
      all.put(name, (run, v, args) -> TextMethods.call(run, Repr.text(run, v), name, args));
    }
    all.put("title", TextFilters::title);
    all.put("trim", TextFilters::trim);
    all.put("replace", TextFilters::replace);
    all.put("escape", TextFilters::escape);
    all.put("e", TextFilters::escape);
    all.put("forceescape", TextFilters::escape);
    all.put(
        "safe",
        (run, v, args) -> {
          args.bind(run, "safe");
          return Repr.text(run, v);
        });
    all.put("indent", TextFilters::indent);
    all.put(
        "center",
        (run, v, args) ->
            TextMethods.pad(
                run,
                Repr.text(run, v),
                "center",
                args.bind(run, "center", "width").integer(0, 80),
                Text.written(" ")));
    all.put("wordcount", TextFilters::wordCount);
    all.put("truncate", TextFilters::truncate);
    all.put(
        "format",
        (run, v, args) -> {
          Text text = Repr.text(run, v);
          Value values =
              args.named().isEmpty() ? new Value.Sequence(args.positional(), true) : named(args);
          return Format.percent(run, text, values);
        });
    all.put("urlencode", TextFilters::urlEncode);
  }

  private static Value named(Args args) {
    var dict = new Value.Dict();
    args.named().forEach((name, value) -> dict.put(name, Text.written(name), value));
    return dict;
  }

  private static Text text(Run run, Value value) {
    Text text = Repr.text(run, value);
    run.characters(text.length());
    return text;
  }

  private static Value title(Run run, Value value, Args args) {
    args.bind(run, "title");
    Text text = text(run, value);
    String all = text.string();
    return text.map(i -> {
      String c = Character.toString(all.codePointAt(i));
      boolean isFirst = i == 0 || isWordBreak(all.codePointBefore(i));
      return isFirst ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT);
    });
  }

  private static boolean isWordBreak(int c) {
    return Spaces.isSpace(c) || "-({[<".indexOf(c) >= 0;
  }

  private static Value trim(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "trim", "chars");
    String chars = bound.has(0) ? bound.text(0).string() : null;
    return TextMethods.strip(run, text(run, value), chars, true, true);
  }

  private static Value replace(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "replace", "old", "new", "count");
    Text old = Repr.text(run, bound.get(0));
    Text fresh = Repr.text(run, bound.get(1));
    return TextPieces.replace(
        run, text(run, value), old, fresh, bound.has(2) ? bound.integer(2) : -1);
  }

  private static Value escape(Run run, Value value, Args args) {
    args.bind(run, "escape");
    Text text = text(run, value);
    String all = text.string();
    return text.map(i ->
        switch (all.codePointAt(i)) {
          case '&' -> "&amp;";
          case '<' -> "&lt;";
          case '>' -> "&gt;";
          case '"' -> "&#34;";
          case '\'' -> "&#39;";
          default -> Character.toString(all.codePointAt(i));
        });
  }

  private static Value indent(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "indent", "width", "first", "blank");
    Text step;
    if (bound.find(0) instanceof Text given) {
      step = given;
    } else {
      long width = Math.max(0, bound.integer(0, 4));
      run.characters(width);
      step = Text.written(" ".repeat((int) width));
    }
    boolean indentsBlank = bound.flag(2, false);
    Text text = Text.join(run, text(run, value), Text.written("\n"));
    List<Value> lines = Iteration.of(run, TextPieces.lines(run, text, false));
    var out = new Text.Builder();
    for (int i = 0; i < lines.size(); i++) {
      Text line = (Text) lines.get(i);
      TextPieces.append(run, out, i == 0 ? Text.EMPTY : Text.written("\n"));
      boolean isIndented = i == 0 ? bound.flag(1, false) : indentsBlank || !line.isEmpty();
      TextPieces.append(run, out, isIndented ? step : Text.EMPTY);
      TextPieces.append(run, out, line);
    }
    return out.build();
  }

  private static Value wordCount(Run run, Value value, Args args) {
    args.bind(run, "wordcount");
    String all = text(run, value).string();
    long count = 0;
    boolean isInside = false;
    for (int i = 0; i < all.length(); i += Character.charCount(all.codePointAt(i))) {
      int c = all.codePointAt(i);
      boolean isWord = Character.isLetterOrDigit(c) || c == '_';
      count += isWord && !isInside ? 1 : 0;
      isInside = isWord;
    }
    return new Value.Int(count);
  }

  private static Value truncate(Run run, Value value, Args args) {
    Args.Bound bound = args.bind(run, "truncate", "length", "killwords", "end", "leeway");
    Text text = text(run, value);
    Text end = bound.text(2, "...");
    long length = bound.integer(0, 255);
    long leeway = bound.has(3) ? bound.integer(3) : 5;
    if (length < end.count() || leeway < 0) {
      throw run.fail("truncate: expected a length of at least %d".formatted(end.count()));
    }
    if (text.count() <= length + leeway) {
      return text;
    }
    int kept = text.string().offsetByCodePoints(0, (int) length - end.count());
    int space = text.string().substring(0, kept).lastIndexOf(' ');
    Text head = text.substring(0, bound.flag(1, false) || space < 0 ? kept : space);
    return Text.join(run, head, end);
  }

  private static Value urlEncode(Run run, Value value, Args args) {
    args.bind(run, "urlencode");
    Text text = text(run, value);
    String all = text.string();
    return text.map(i -> {
      String c = Character.toString(all.codePointAt(i));
      if (c.codePointAt(0) < 128
          && (Character.isLetterOrDigit(c.charAt(0)) || "_.-~/".contains(c))) {
        return c;
      }
      var out = new StringBuilder();
      for (byte b : c.getBytes(StandardCharsets.UTF_8)) {
        out.append("%%%02X".formatted(b & 0xFF));
      }
      return out.toString();
    });
  }
}
