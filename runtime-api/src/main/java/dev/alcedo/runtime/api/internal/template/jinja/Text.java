// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A text of which every character knows where it comes from. Joining two is cheap: the characters
/// are put side by side when they are looked at. Immutable to its users; one thread.
public final class Text implements Value {
  /// The mark of what people or the model said.
  public static final int SAID = 0;

  /// The mark of what the template wrote.
  public static final int WRITTEN = 1;

  /// The mark of the first picture; later ones follow.
  public static final int PICTURE = 2;

  /// The one character that stands for a picture.
  public static final String PICTURE_CHARACTER = "\uFFFC";

  /// No characters.
  public static final Text EMPTY = new Text("", new int[0]);

  /// Texts up to here are joined at once.
  private static final int SHORT = 64;

  private final int length;
  private @Nullable String flat;
  // Pairs of end and mark, in order; neighbours differ.
  private int[] runs;
  private @Nullable Text left;
  private @Nullable Text right;
  private @Nullable Run run;

  private Text(String flat, int[] runs) {
    this.flat = flat;
    this.runs = runs;
    this.length = flat.length();
  }

  private Text(Text left, Text right, Run run) {
    this.left = left;
    this.right = right;
    this.run = run;
    this.runs = new int[0];
    this.length = left.length + right.length;
  }

  /// A text of one mark.
  public static Text of(String characters, int mark) {
    return characters.isEmpty()
        ? EMPTY
        : new Text(characters, new int[] {characters.length(), mark});
  }

  /// A text of the template's.
  static Text written(String characters) {
    return of(characters, WRITTEN);
  }

  /// This text and another, put side by side at once.
  public Text with(Text more) {
    return new Builder().append(this).append(more).build();
  }

  /// `left` and `right`.
  static Text join(Run run, Text left, Text right) {
    if (left.length == 0 || right.length == 0) {
      return left.length == 0 ? right : left;
    }
    long length = (long) left.length + right.length;
    if (length <= SHORT) {
      run.characters(length);
      return new Builder().append(left).append(right).build();
    }
    run.characters(0);
    run.entries(1);
    if (length > Integer.MAX_VALUE) {
      throw run.beyond("%d characters in one text".formatted(Integer.MAX_VALUE));
    }
    return new Text(left, right, run);
  }

  /// UTF-16 units.
  public int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /// The characters.
  public String string() {
    String now = flat;
    return now != null ? now : flatten();
  }

  private String flatten() {
    Run counting = run;
    if (counting != null) {
      counting.characters(length);
    }
    var builder = new Builder();
    Deque<Text> pending = new ArrayDeque<>();
    pending.push(this);
    while (!pending.isEmpty()) {
      Text next = pending.pop();
      if (next.left != null && next.right != null) {
        pending.push(next.right);
        pending.push(next.left);
      } else {
        builder.append(next);
      }
    }
    String made = builder.characters.toString();
    runs = builder.runs();
    flat = made;
    left = null;
    right = null;
    run = null;
    return made;
  }

  /// The mark of the UTF-16 unit at `index`.
  public int markAt(int index) {
    return runs[run(index) + 1];
  }

  /// Where the run that `index` lies in stands among the runs.
  private int run(int index) {
    string();
    int low = 0;
    int high = runs.length / 2 - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs[2 * middle] > index) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return 2 * low;
  }

  /// Where the run of one mark ends that `index` lies in.
  public int runEnd(int index) {
    return runs[run(index)];
  }

  /// The one mark of all characters, or -1.
  private int uniformMark() {
    string();
    return runs.length == 2 ? runs[1] : -1;
  }

  /// UTF-16 units `start` to `end`.
  Text substring(int start, int end) {
    if (start >= end) {
      return EMPTY;
    }
    return start == 0 && end == length ? this : new Builder().append(this, start, end).build();
  }

  /// Each code point replaced, keeping its mark.
  ///
  /// @param change what stands for the code point at a UTF-16 index
  Text map(IntFunction<String> change) {
    String characters = string();
    var out = new Builder();
    for (int i = 0; i < length; i += Character.charCount(characters.codePointAt(i))) {
      out.append(change.apply(i), markAt(i));
    }
    return out.build();
  }

  /// The text with other characters, all at once where the marks allow it.
  Text mapAll(java.util.function.UnaryOperator<String> change) {
    if (length == 0) {
      return this;
    }
    int mark = uniformMark();
    if (mark >= 0) {
      return of(change.apply(string()), mark);
    }
    String characters = string();
    return map(i -> change.apply(Character.toString(characters.codePointAt(i))));
  }

  /// Code points.
  int count() {
    return string().codePointCount(0, length);
  }

  @Override
  public String typeName() {
    return "str";
  }

  @Override
  public String toString() {
    return string();
  }

  /// Puts a text together.
  static final class Builder {
    private final StringBuilder characters = new StringBuilder();
    private int[] runs = new int[4];
    private int size;

    Builder append(String more, int mark) {
      characters.append(more);
      mark(more.length(), mark);
      return this;
    }

    Builder append(Text more) {
      return append(more, 0, more.length);
    }

    Builder append(Text more, int start, int end) {
      if (start >= end) {
        return this;
      }
      characters.append(more.string(), start, end);
      int at = start;
      for (int i = 0; at < end; i += 2) {
        int stop = Math.min(more.runs[i], end);
        if (stop > at) {
          mark(stop - at, more.runs[i + 1]);
          at = stop;
        }
      }
      return this;
    }

    int length() {
      return characters.length();
    }

    Text build() {
      return characters.isEmpty() ? EMPTY : new Text(characters.toString(), runs());
    }

    private int[] runs() {
      return Arrays.copyOf(runs, size);
    }

    private void mark(int count, int mark) {
      if (count == 0) {
        return;
      }
      int end = size == 0 ? count : runs[size - 2] + count;
      if (size > 0 && runs[size - 1] == mark) {
        runs[size - 2] = end;
        return;
      }
      if (size == runs.length) {
        runs = Arrays.copyOf(runs, 2 * size);
      }
      runs[size++] = end;
      runs[size++] = mark;
    }
  }
}
