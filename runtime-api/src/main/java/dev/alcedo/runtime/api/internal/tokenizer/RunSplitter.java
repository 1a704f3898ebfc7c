// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.BitSet;

/// Cuts text into runs of certain characters, maybe with one white space before each, and what lies
/// between them: `\s?[...]+`. `java.util.regex` asks a class of a hundred ranges range by range;
/// this looks into a table.
final class RunSplitter implements Splitter {
  private final BitSet chars = new BitSet();
  private final boolean takesSpace;

  /// @param ranges characters, and pairs of them with `-` between; white space beyond ASCII does
  ///   not count, as in llama.cpp
  /// @param takesSpace whether a run takes a white space before it along
  RunSplitter(String ranges, boolean takesSpace) {
    this.takesSpace = takesSpace;
    int[] points = ranges.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      int first = points[i];
      int last = first;
      if (i + 2 < points.length && points[i + 1] == '-') {
        last = points[i + 2];
        i += 2;
      }
      chars.set(first, last + 1);
    }
    for (int c = chars.nextSetBit(0x80); c >= 0; c = chars.nextSetBit(c + 1)) {
      chars.set(c, !CharClasses.isWhiteSpace(c));
    }
  }

  @Override
  public void split(String text, int start, int end, Spans out) {
    int from = start;
    for (int at = start; at < end; ) {
      int run = takesSpace && isSpace(text, at) ? at + 1 : at;
      int stop = runEnd(text, run, end);
      if (stop == run) {
        at += CharClasses.width(text, at);
        continue;
      }
      if (at > from) {
        out.add(from, at);
      }
      out.add(at, stop);
      at = stop;
      from = stop;
    }
    if (from < end) {
      out.add(from, end);
    }
  }

  private static boolean isSpace(String text, int at) {
    return (CharClasses.at(text, at) & CharClasses.SPACE) != 0;
  }

  private int runEnd(String text, int start, int end) {
    int at = start;
    while (at < end && chars.get(text.codePointAt(at))) {
      at += CharClasses.width(text, at);
    }
    return at;
  }
}
