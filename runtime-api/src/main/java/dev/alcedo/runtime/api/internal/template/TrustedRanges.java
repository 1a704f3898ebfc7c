// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.spi.TextTrust;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Trust in parts of a text: a place is trusted if it lies in one of them altogether.
final class TrustedRanges implements TextTrust {
  private final TreeMap<Integer, Integer> endByStart;

  private TrustedRanges(TreeMap<Integer, Integer> endByStart) {
    this.endByStart = endByStart;
  }

  @Override
  public boolean isTrusted(int start, int end) {
    Map.Entry<Integer, Integer> range = endByStart.floorEntry(start);
    return range != null && end <= range.getValue();
  }

  /// Collects ranges in ascending order; those that touch become one.
  static final class Builder {
    private record Range(int start, int end) {}

    private final List<Range> ranges = new ArrayList<>();

    void add(int start, int end) {
      if (start == end) {
        return;
      }
      if (!ranges.isEmpty() && ranges.getLast().end() == start) {
        ranges.add(new Range(ranges.removeLast().start(), end));
      } else {
        ranges.add(new Range(start, end));
      }
    }

    void clear() {
      ranges.clear();
    }

    TrustedRanges build() {
      var endByStart = new TreeMap<Integer, Integer>();
      ranges.forEach(range -> endByStart.put(range.start(), range.end()));
      return new TrustedRanges(endByStart);
    }
  }
}
