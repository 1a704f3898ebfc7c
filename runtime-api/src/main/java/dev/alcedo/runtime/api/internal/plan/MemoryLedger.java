// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.StageMemory;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.spi.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Adds up what the graphs of a model will take. A weight that several graphs of a backend use in
/// one form is there once. One thread at a time.
final class MemoryLedger {
  private final Map<Stage, long[]> bytes = new EnumMap<>(Stage.class);
  private final Set<Key> known = new HashSet<>();

  private record Key(String backend, Object place, boolean isMapped) {}

  /// Notes a graph and the buffers around it.
  void add(Stage stage, String backend, GraphMemory memory, long bufferBytes) {
    long[] sums = bytes.computeIfAbsent(stage, _ -> new long[3]);
    for (GraphMemory.Weight weight : memory.weights()) {
      Object place =
          weight.source().data().isNative()
              ? (Object) weight.source().data().address()
              : weight.source();
      if (known.add(new Key(weight.isMapped() ? "" : backend, place, weight.isMapped()))) {
        sums[weight.isMapped() ? 0 : 1] += weight.bytes();
      }
    }
    sums[2] += memory.scratchBytes() + bufferBytes;
  }

  /// Of all stages that were noted.
  List<StageMemory> stages() {
    List<StageMemory> stages = new ArrayList<>();
    bytes.forEach((stage, s) -> stages.add(new StageMemory(stage, s[0], s[1], s[2])));
    return stages;
  }
}
