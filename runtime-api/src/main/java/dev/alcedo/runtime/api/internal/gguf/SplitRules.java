// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether the parts of a split model belong together, and the tensors of all of them.
final class SplitRules {
  private SplitRules() {}

  /// Checks what part `index` says of itself.
  static void requirePart(GgufHeader part, int index, int count) {
    Metadata metadata = part.metadata();
    int ownCount = metadata.integer(SplitNames.COUNT_KEY, 0, SplitNames.COUNT_MAX);
    int ownNumber = metadata.integer(SplitNames.NUMBER_KEY, 0, SplitNames.COUNT_MAX);
    if (ownCount != count || ownNumber != index) {
      throw new ModelFormatException(
          ("%s: expected part %d of %d of the split model, got a file that says it is part %d of"
                  + " %d; fetch the parts again, all from one place")
              .formatted(metadata.source(), index + 1, count, ownNumber + 1, ownCount));
    }
  }

  /// The tensors of all parts, in order.
  static Map<String, TensorView> merge(List<GgufHeader> parts) {
    Map<String, TensorView> tensors = new LinkedHashMap<>();
    Map<String, String> sources = new HashMap<>();
    for (GgufHeader part : parts) {
      part.tensors()
          .forEach((name, view) -> {
            String earlier = sources.put(name, part.metadata().source());
            if (earlier != null) {
              throw new ModelFormatException(
                  "%s: expected every tensor in one part of the split model, got %s, which is in %s too"
                      .formatted(part.metadata().source(), Quoted.of(name), earlier));
            }
            tensors.put(name, view);
          });
    }
    Metadata first = parts.getFirst().metadata();
    int expected =
        first.integer(SplitNames.TENSOR_COUNT_KEY, 0, GgufLimits.TENSOR_COUNT_MAX, tensors.size());
    if (tensors.size() != expected) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected %d tensors in all %d parts, got %d; fetch the parts again"
              .formatted(
                  first.source(),
                  SplitNames.TENSOR_COUNT_KEY,
                  expected,
                  parts.size(),
                  tensors.size()));
    }
    return tensors;
  }
}
