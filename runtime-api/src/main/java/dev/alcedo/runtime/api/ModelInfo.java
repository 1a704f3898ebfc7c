// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a model is, where it runs and what it takes.
///
/// @param name `general.name`, or the file's name
/// @param family architecture with its main numbers, for people
/// @param tokenizer kind and size, for people
/// @param chatTemplate which template renders conversations, for people
/// @param encoder image encoder, for people; empty text without one
/// @param contextLength positions of a session
/// @param contextLengthTrained positions that the model was trained for
/// @param dtypeBytes bytes of weights by dtype name, mmproj included; sorted by name
/// @param memory the plan
/// @param placement what runs where
public record ModelInfo(
    String name,
    String family,
    String tokenizer,
    String chatTemplate,
    String encoder,
    int contextLength,
    int contextLengthTrained,
    Map<String, Long> dtypeBytes,
    MemoryPlan memory,
    List<Placement> placement) {
  /// Copies and sorts the collections.
  public ModelInfo {
    // Sorted, so that reports read the same each time.
    dtypeBytes = Collections.unmodifiableSortedMap(new TreeMap<>(dtypeBytes));
    placement = List.copyOf(placement);
  }

  /// The same with other places.
  public ModelInfo withPlacement(List<Placement> others) {
    return new ModelInfo(
        name,
        family,
        tokenizer,
        chatTemplate,
        encoder,
        contextLength,
        contextLengthTrained,
        dtypeBytes,
        memory,
        others);
  }
}
