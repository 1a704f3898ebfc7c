// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import java.util.List;

/// Lets text through until a stop text appears, and holds back what may be the beginning of one.
/// One request, one thread.
final class StopFilter {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean isStopped;

  StopFilter(List<String> stops) {
    this.stops = stops;
  }

  /// Adds text of the answer and returns what can be shown.
  String push(String text) {
    held.append(text);
    int end = firstStop();
    isStopped = end >= 0;
    int shown = isStopped ? end : held.length() - possibleStopLength();
    String out = held.substring(0, shown);
    held.delete(0, isStopped ? held.length() : shown);
    return out;
  }

  /// What was held back, once no more text comes.
  String finish() {
    String out = held.toString();
    held.setLength(0);
    return out;
  }

  /// Whether a stop text appeared.
  boolean isStopped() {
    return isStopped;
  }

  private int firstStop() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  private int possibleStopLength() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
          break;
        }
      }
    }
    return longest;
  }
}
