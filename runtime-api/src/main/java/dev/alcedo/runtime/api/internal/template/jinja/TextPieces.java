// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Texts in pieces and together again; every character keeps its mark.
final class TextPieces {
  private TextPieces() {}

  static Value split(Run run, Text text, Args.Bound bound, boolean isForward) {
    long max = bound.integer(1, -1);
    List<Value> parts = new ArrayList<>();
    if (!bound.has(0)) {
      splitAtSpaces(run, text, max < 0 ? Long.MAX_VALUE : max, isForward, parts);
    } else {
      String separator = bound.text(0).string();
      if (separator.isEmpty()) {
        throw run.fail("str.split: empty separator");
      }
      splitAt(run, text, separator, max < 0 ? Long.MAX_VALUE : max, isForward, parts);
    }
    return Value.Sequence.list(isForward ? parts : reversed(parts));
  }

  private static List<Value> reversed(List<Value> parts) {
    Collections.reverse(parts);
    return parts;
  }

  private static void splitAt(
      Run run, Text text, String separator, long max, boolean isForward, List<Value> parts) {
    String all = text.string();
    int start = 0;
    int end = all.length();
    while (parts.size() < max) {
      int found =
          isForward ? Search.first(all, separator, start) : Search.last(all, separator, end);
      if (found < 0) {
        break;
      }
      run.entries(1);
      run.work(separator.length());
      if (isForward) {
        parts.add(text.substring(start, found));
        start = found + separator.length();
      } else {
        parts.add(text.substring(found + separator.length(), end));
        end = found;
      }
    }
    run.entries(1);
    parts.add(text.substring(start, end));
  }

  /// White space before a piece goes, that behind the last one stays if no more are to be cut off.
  private static void splitAtSpaces(
      Run run, Text text, long max, boolean isForward, List<Value> parts) {
    Text rest = TextMethods.strip(run, text, null, isForward, !isForward);
    String all = rest.string();
    int start = 0;
    int end = all.length();
    while (start < end) {
      run.entries(1);
      if (parts.size() >= max) {
        parts.add(rest.substring(start, end));
        return;
      }
      if (isForward) {
        int stop = start;
        while (stop < end && !Spaces.isSpace(all.charAt(stop))) {
          stop++;
        }
        parts.add(rest.substring(start, stop));
        start = stop;
        while (start < end && Spaces.isSpace(all.charAt(start))) {
          start++;
        }
      } else {
        int stop = end;
        while (stop > start && !Spaces.isSpace(all.charAt(stop - 1))) {
          stop--;
        }
        parts.add(rest.substring(stop, end));
        end = stop;
        while (end > start && Spaces.isSpace(all.charAt(end - 1))) {
          end--;
        }
      }
    }
  }

  static Value lines(Run run, Text text, boolean keepsEnds) {
    String all = text.string();
    List<Value> lines = new ArrayList<>();
    int start = 0;
    while (start < all.length()) {
      int end = start;
      while (end < all.length() && !Spaces.isLineBreak(all.charAt(end))) {
        end++;
      }
      int next = Math.min(end + (all.startsWith("\r\n", end) ? 2 : 1), all.length());
      run.entries(1);
      lines.add(text.substring(start, keepsEnds ? next : end));
      start = next;
    }
    return Value.Sequence.list(lines);
  }

  static Value partition(Run run, Text text, Text separator, boolean isForward) {
    if (separator.isEmpty()) {
      throw run.fail("str.partition: empty separator");
    }
    String all = text.string();
    int found =
        isForward
            ? Search.first(all, separator.string(), 0)
            : Search.last(all, separator.string(), all.length());
    if (found < 0) {
      return isForward
          ? Value.Sequence.tuple(text, Text.EMPTY, Text.EMPTY)
          : Value.Sequence.tuple(Text.EMPTY, Text.EMPTY, text);
    }
    int end = found + separator.length();
    return Value.Sequence.tuple(
        text.substring(0, found), text.substring(found, end), text.substring(end, all.length()));
  }

  /// The first `max` places of `old` replaced; all of them if it is negative.
  static Text replace(Run run, Text text, Text old, Text fresh, long max) {
    String all = text.string();
    String wanted = old.string();
    long limit = max < 0 ? Long.MAX_VALUE : max;
    if (wanted.isEmpty()) {
      return interleave(run, text, fresh, limit);
    }
    var out = new Text.Builder();
    int start = 0;
    long count = 0;
    while (count < limit) {
      int found = Search.first(all, wanted, start);
      if (found < 0) {
        break;
      }
      run.work(wanted.length());
      append(run, out, text.substring(start, found));
      append(run, out, fresh);
      start = found + wanted.length();
      count++;
    }
    return count == 0 ? text : out.append(text, start, all.length()).build();
  }

  private static Text interleave(Run run, Text text, Text fresh, long limit) {
    run.characters(text.length() + (text.length() + 1L) * fresh.length());
    String all = text.string();
    var out = new Text.Builder();
    long count = 0;
    int next;
    for (int i = 0; i < all.length(); i = next) {
      next = all.offsetByCodePoints(i, 1);
      if (count++ < limit) {
        out.append(fresh);
      }
      out.append(text, i, next);
    }
    return (count < limit ? out.append(fresh) : out).build();
  }

  static Text join(Run run, Text separator, List<Value> items) {
    var out = new Text.Builder();
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Text text)) {
        throw run.fail("str.join: expected strings, got " + items.get(i).typeName());
      }
      append(run, out, i == 0 ? Text.EMPTY : separator);
      append(run, out, text);
    }
    return out.build();
  }

  /// Appends, counting.
  static void append(Run run, Text.Builder out, Text text) {
    run.step();
    if (out.length() + (long) text.length() > run.outputCharsMax()) {
      throw run.beyond("%d characters in one text".formatted(run.outputCharsMax()));
    }
    run.characters(text.length());
    out.append(text);
  }
}
