// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.spi.Bindings;
import java.util.ArrayList;
import java.util.List;

/// What differs from run to run of one compiled graph: how many items, and which sequences they
/// belong to. Reused by one thread.
final class Run {
  private final List<Bindings.Span> spans = new ArrayList<>();
  private final List<KvReplica> replicas = new ArrayList<>();
  private int itemCount;

  /// Takes item count and spans, which have been checked, over.
  void begin(int items, List<Bindings.Span> sequences) {
    itemCount = items;
    spans.clear();
    replicas.clear();
    spans.addAll(sequences);
  }

  /// Items of this run.
  int itemCount() {
    return itemCount;
  }

  /// The sequences, in item order.
  List<Bindings.Span> spans() {
    return spans;
  }

  /// Their KV caches on the device, in the same order; empty if the graph reads none.
  List<KvReplica> replicas() {
    return replicas;
  }
}
