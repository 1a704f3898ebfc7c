// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.List;

/// `object[start:stop:step]` with Python's bounds; texts count code points.
final class Slices {
  private Slices() {}

  static Value of(Run run, Value object, Value start, Value stop, Value step) {
    long stride = step == Value.None.NONE ? 1 : bound(run, step);
    if (stride == 0) {
      throw run.fail("a slice with step 0");
    }
    return switch (object) {
      case Text text -> text(run, text, start, stop, stride);
      case Value.Sequence(List<Value> items, boolean isTuple) -> {
        int first = clamp(run, start, items.size(), stride, true);
        int end = clamp(run, stop, items.size(), stride, false);
        List<Value> chosen = new ArrayList<>();
        run.entries(Math.abs(((long) end - first) / stride) + 1);
        for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
          chosen.add(items.get((int) i));
        }
        yield new Value.Sequence(chosen, isTuple);
      }
      case Value.Undefined(String problem) -> throw run.fail(problem + " and cannot be sliced");
      default -> throw run.fail("a %s cannot be sliced".formatted(object.typeName()));
    };
  }

  private static Text text(Run run, Text text, Value start, Value stop, long stride) {
    run.work(text.length());
    int count = text.count();
    int first = clamp(run, start, count, stride, true);
    int end = clamp(run, stop, count, stride, false);
    String characters = text.string();
    boolean isSimple = count == text.length();
    run.characters(Math.abs(((long) end - first) / stride) + 1);
    if (stride == 1) {
      if (first >= end) {
        return Text.EMPTY;
      }
      int from = isSimple ? first : characters.offsetByCodePoints(0, first);
      return text.substring(
          from, isSimple ? end : characters.offsetByCodePoints(from, end - first));
    }
    int[] offsets = new int[count + 1];
    for (int i = 1; i <= count; i++) {
      offsets[i] = characters.offsetByCodePoints(offsets[i - 1], 1);
    }
    var out = new Text.Builder();
    for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
      out.append(text, offsets[(int) i], offsets[(int) i + 1]);
    }
    return out.build();
  }

  private static long bound(Run run, Value value) {
    if (!Numbers.isWhole(value)) {
      throw run.fail("slices take integers, got " + value.typeName());
    }
    return Math.clamp(Numbers.whole(value), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static int clamp(Run run, Value value, int size, long stride, boolean isStart) {
    if (value == Value.None.NONE) {
      boolean isLow = isStart == stride > 0;
      return isLow ? (stride > 0 ? 0 : -1) : (stride > 0 ? size : size - 1);
    }
    long index = bound(run, value);
    index += index < 0 ? size : 0;
    return stride > 0 ? Math.clamp(index, 0, size) : Math.clamp(index, -1, size - 1);
  }
}
