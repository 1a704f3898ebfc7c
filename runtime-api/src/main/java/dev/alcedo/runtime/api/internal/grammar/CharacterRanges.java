// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Sets of characters, and how UTF-8 spells them: a range of code points is a few sequences of
/// ranges of bytes (RFC 3629, section 4; the splitting is Ken Thompson's, as Russ Cox describes it
/// for RE2).
final class CharacterRanges {
  private static final int[] LAST_BY_LENGTH = {0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};

  private CharacterRanges() {}

  /// Every character that is in none of `ranges`.
  static List<Expr.Range> others(List<Expr.Range> ranges) {
    List<Expr.Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingInt(Expr.Range::first));
    List<Expr.Range> out = new ArrayList<>();
    int next = 0;
    for (Expr.Range range : sorted) {
      if (range.first() > next) {
        out.add(new Expr.Range(next, range.first() - 1));
      }
      next = Math.max(next, range.last() + 1);
    }
    if (next <= Character.MAX_CODE_POINT) {
      out.add(new Expr.Range(next, Character.MAX_CODE_POINT));
    }
    return out;
  }

  /// The spellings: each is a range of bytes for each place, first and last.
  static List<int[][]> utf8(Expr.Range range) {
    List<int[][]> out = new ArrayList<>();
    // Surrogates are no characters.
    split(range.first(), Math.min(range.last(), Character.MIN_SURROGATE - 1), out);
    split(Math.max(range.first(), Character.MAX_SURROGATE + 1), range.last(), out);
    return out;
  }

  private static void split(int first, int last, List<int[][]> out) {
    if (first > last) {
      return;
    }
    for (int end : LAST_BY_LENGTH) {
      if (first <= end && end < last) {
        split(first, end, out);
        split(end + 1, last, out);
        return;
      }
    }
    int length = length(first);
    for (int place = 1; place < length; place++) {
      int low = (1 << 6 * place) - 1;
      if ((first & ~low) != (last & ~low)) {
        if ((first & low) != 0) {
          split(first, first | low, out);
          split((first | low) + 1, last, out);
          return;
        }
        if ((last & low) != low) {
          split(first, (last & ~low) - 1, out);
          split(last & ~low, last, out);
          return;
        }
      }
    }
    int[][] bytes = new int[length][];
    for (int place = 0; place < length; place++) {
      bytes[place] = new int[] {byteAt(first, length, place), byteAt(last, length, place)};
    }
    out.add(bytes);
  }

  private static int length(int point) {
    int length = 1;
    while (point > LAST_BY_LENGTH[length - 1]) {
      length++;
    }
    return length;
  }

  private static int byteAt(int point, int length, int place) {
    int bits = point >> 6 * (length - 1 - place);
    if (place > 0) {
      return 0x80 | bits & 0x3F;
    }
    return length == 1 ? bits : 0xF00 >> length & 0xFF | bits;
  }
}
