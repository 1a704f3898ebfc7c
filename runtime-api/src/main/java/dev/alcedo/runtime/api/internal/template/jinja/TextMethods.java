// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The methods of Python's `str` that read or make texts.
final class TextMethods {
  static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "endswith",
          "find",
          "format",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isspace",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "upper",
          "zfill");

  /// Those that make no text.
  private static final Set<String> READING =
      Set.of(
          "count",
          "endswith",
          "find",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isspace",
          "isupper",
          "rfind",
          "rindex",
          "startswith");

  private TextMethods() {}

  static Value call(Run run, Text text, String name, Args args) {
    if (READING.contains(name)) {
      run.work(text.length());
    } else {
      run.characters(text.length());
    }
    String function = "str." + name;
    return switch (name) {
      case "strip", "lstrip", "rstrip" -> strip(run, text, name, args.bind(run, function, "chars"));
      case "split", "rsplit" ->
          TextPieces.split(
              run, text, args.bind(run, function, "sep", "maxsplit"), name.equals("split"));
      case "splitlines" ->
          TextPieces.lines(run, text, args.bind(run, function, "keepends").flag(0, false));
      case "partition", "rpartition" ->
          TextPieces.partition(
              run, text, args.bind(run, function, "sep").text(0), name.equals("partition"));
      case "startswith", "endswith" -> Value.Bool.of(edge(run, text, name, args));
      case "removeprefix" -> {
        Text prefix = args.bind(run, function, "prefix").text(0);
        yield text.string().startsWith(prefix.string())
            ? text.substring(prefix.length(), text.length())
            : text;
      }
      case "removesuffix" -> {
        Text suffix = args.bind(run, function, "suffix").text(0);
        yield text.string().endsWith(suffix.string())
            ? text.substring(0, text.length() - suffix.length())
            : text;
      }
      case "replace" -> {
        Args.Bound bound = args.bind(run, function, "old", "new", "count");
        yield TextPieces.replace(run, text, bound.text(0), bound.text(1), bound.integer(2, -1));
      }
      case "join" ->
          TextPieces.join(run, text, Iteration.of(run, args.bind(run, function, "items").get(0)));
      case "find", "rfind", "index", "rindex", "count" ->
          find(run, text, name, args.bind(run, function, "sub", "start", "end"));
      case "format" -> Format.places(run, text, args);
      case "center", "ljust", "rjust" -> {
        Args.Bound bound = args.bind(run, function, "width", "fillchar");
        yield pad(run, text, name, bound.integer(0), bound.text(1, " "));
      }
      case "zfill" -> zfill(run, text, args.bind(run, function, "width").integer(0));
      default -> {
        args.bind(run, function);
        yield plain(text, name);
      }
    };
  }

  private static Value plain(Text text, String name) {
    return switch (name) {
      case "upper" -> text.mapAll(s -> s.toUpperCase(Locale.ROOT));
      case "lower" -> text.mapAll(s -> s.toLowerCase(Locale.ROOT));
      case "casefold" -> text.mapAll(s -> s.toLowerCase(Locale.ROOT).replace("ß", "ss"));
      case "capitalize" -> capitalize(text);
      case "title" -> title(text);
      case "swapcase" ->
          text.map(i -> {
            String c = Character.toString(text.string().codePointAt(i));
            return Character.isUpperCase(c.codePointAt(0))
                ? c.toLowerCase(Locale.ROOT)
                : c.toUpperCase(Locale.ROOT);
          });
      case "isalnum" -> all(text, c -> Character.isLetterOrDigit(c));
      case "isalpha" -> all(text, Character::isLetter);
      case "isascii" -> Value.Bool.of(text.string().chars().allMatch(c -> c < 128));
      case "isdecimal", "isdigit" -> all(text, Character::isDigit);
      case "isnumeric" ->
          all(
              text,
              c ->
                  Character.isDigit(c)
                      || Character.getType(c) == Character.LETTER_NUMBER
                      || Character.getType(c) == Character.OTHER_NUMBER);
      case "isspace" -> all(text, Spaces::isSpace);
      case "islower" -> cased(text, Character::isLowerCase, Character::isUpperCase);
      case "isupper" -> cased(text, Character::isUpperCase, Character::isLowerCase);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Value all(Text text, IntPredicate is) {
    return Value.Bool.of(!text.isEmpty() && text.string().codePoints().allMatch(is));
  }

  private static Value cased(Text text, IntPredicate wanted, IntPredicate unwanted) {
    return Value.Bool.of(
        text.string().codePoints().anyMatch(wanted)
            && text.string().codePoints().noneMatch(unwanted));
  }

  /// The first character in upper case, the others in lower.
  static Text capitalize(Text text) {
    String all = text.string();
    return text.map(i -> {
      String c = Character.toString(all.codePointAt(i));
      return i == 0 ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT);
    });
  }

  private static Text title(Text text) {
    String all = text.string();
    return text.map(i -> {
      String c = Character.toString(all.codePointAt(i));
      boolean isFirst = i == 0 || !Character.isLetter(all.codePointBefore(i));
      return isFirst ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT);
    });
  }

  private static Text strip(Run run, Text text, String name, Args.Bound bound) {
    String chars = bound.has(0) ? bound.text(0).string() : null;
    return strip(run, text, chars, !name.equals("rstrip"), !name.equals("lstrip"));
  }

  /// Without the given characters, or white space, at its ends.
  static Text strip(Run run, Text text, @Nullable String chars, boolean left, boolean right) {
    String all = text.string();
    IntPredicate isStripped = Spaces::isSpace;
    if (chars != null) {
      run.characters((long) Math.min(all.length(), 64) * chars.length());
      Set<Integer> set = new java.util.HashSet<>(chars.codePoints().boxed().toList());
      isStripped = set::contains;
    }
    int start = 0;
    int end = all.length();
    while (left && start < end && isStripped.test(all.codePointAt(start))) {
      start += Character.charCount(all.codePointAt(start));
    }
    while (right && end > start && isStripped.test(all.codePointBefore(end))) {
      end -= Character.charCount(all.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static boolean edge(Run run, Text text, String name, Args args) {
    Args.Bound bound = args.bind(run, "str." + name, "prefix", "start", "end");
    boolean isStart = name.equals("startswith");
    String all = text.string();
    if (bound.has(1) || bound.has(2)) {
      Value part =
          Slices.of(
              run,
              text,
              bound.get(1, Value.None.NONE),
              bound.get(2, Value.None.NONE),
              Value.None.NONE);
      all = ((Text) part).string();
    }
    List<Value> edges =
        bound.get(0) instanceof Value.Sequence(List<Value> several, boolean isTuple) && isTuple
            ? several
            : Collections.singletonList(bound.text(0));
    for (Value edge : edges) {
      if (!(edge instanceof Text wanted)) {
        throw bound.wrong(0, "a string or a tuple of strings");
      }
      if (isStart ? all.startsWith(wanted.string()) : all.endsWith(wanted.string())) {
        return true;
      }
    }
    return false;
  }

  private static Value find(Run run, Text text, String name, Args.Bound bound) {
    String sub = bound.text(0).string();
    String all = text.string();
    int from = 0;
    if (bound.has(1) || bound.has(2)) {
      Value start = bound.get(1, Value.None.NONE);
      Text part =
          (Text) Slices.of(run, text, start, bound.get(2, Value.None.NONE), Value.None.NONE);
      Text head =
          (Text)
              Slices.of(
                  run,
                  text,
                  Value.None.NONE,
                  start == Value.None.NONE ? new Value.Int(0) : start,
                  Value.None.NONE);
      from = head.count();
      all = part.string();
    }
    run.work((long) all.length() + sub.length());
    if (name.equals("count")) {
      int count = 0;
      if (sub.isEmpty()) {
        return new Value.Int(all.codePointCount(0, all.length()) + 1L);
      }
      for (int i = Search.first(all, sub, 0);
          i >= 0;
          i = Search.first(all, sub, i + sub.length())) {
        run.work(sub.length());
        count++;
      }
      return new Value.Int(count);
    }
    int found =
        name.startsWith("r") ? Search.last(all, sub, all.length()) : Search.first(all, sub, 0);
    if (found < 0) {
      if (name.endsWith("index")) {
        throw run.fail("str.%s: substring not found".formatted(name));
      }
      return new Value.Int(-1);
    }
    return new Value.Int((long) from + all.codePointCount(0, found));
  }

  static Text pad(Run run, Text text, String name, long width, Text fill) {
    long missing = Math.max(0, width - text.count());
    run.characters(missing * Math.max(1, fill.length()));
    if (fill.count() != 1) {
      throw run.fail("str.%s: expected one character to fill with".formatted(name));
    }
    // Python puts the odd one to the left where the width is odd.
    long left =
        switch (name) {
          case "center" -> missing / 2 + (missing & width & 1);
          case "rjust" -> missing;
          default -> 0;
        };
    var out = new Text.Builder();
    for (long i = 0; i < left; i++) {
      out.append(fill);
    }
    out.append(text);
    for (long i = left; i < missing; i++) {
      out.append(fill);
    }
    return out.build();
  }

  private static Text zfill(Run run, Text text, long width) {
    long missing = Math.max(0, width - text.count());
    run.characters(missing);
    boolean isSigned = !text.isEmpty() && "+-".indexOf(text.string().charAt(0)) >= 0;
    int sign = isSigned ? 1 : 0;
    return new Text.Builder()
        .append(text, 0, sign)
        .append("0".repeat((int) missing), Text.WRITTEN)
        .append(text, sign, text.length())
        .build();
  }

  /// For filters that go by words.
  static List<Text> words(Run run, Text text) {
    List<Text> words = new ArrayList<>();
    for (Value word :
        Iteration.of(
            run,
            TextPieces.split(run, text, Args.NONE.bind(run, "split", "sep", "maxsplit"), true))) {
      words.add((Text) word);
    }
    return words;
  }
}
