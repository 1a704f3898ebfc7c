// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What quantising a file has come to.
///
/// @param type the name that was asked for, or what the preset stands for
/// @param inputBytes size of the file that was read
/// @param outputBytes size of the file that was written
/// @param tensorCount tensors in it
/// @param convertedCount those whose type has changed
/// @param dtypeBytes bytes by element type of the new file
/// @param notes what is not as asked for: fallbacks, quantising twice
public record QuantizeReport(
    String type,
    long inputBytes,
    long outputBytes,
    int tensorCount,
    int convertedCount,
    Map<String, Long> dtypeBytes,
    List<String> notes) {
  /// Copies the collections.
  public QuantizeReport {
    dtypeBytes = Collections.unmodifiableMap(new TreeMap<>(dtypeBytes));
    notes = List.copyOf(notes);
  }
}
