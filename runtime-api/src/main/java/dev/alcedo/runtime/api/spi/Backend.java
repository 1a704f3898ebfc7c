// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/// One open device that compiles and runs graphs. Methods may be called by any thread. The opener
/// closes it, after the graphs that it compiled; closing twice does nothing.
public interface Backend extends AutoCloseable {
  /// The device that computes.
  DeviceInfo device();

  /// Whether this node can be compiled here. Pure, total, quick: it looks at op, attributes, dtypes
  /// and shapes only. What is accepted here must then run.
  Support supports(Node node);

  /// Whether the host has a processor left while this device computes, so that another thread's
  /// graphs on the same device run beside and not in turn.
  default boolean leavesProcessorIdle() {
    return false;
  }

  /// Element types of KV caches that causal attention can read and write here; F16 at least.
  default Set<DType> cacheTypes() {
    return Set.of(DType.F16, DType.F32);
  }

  /// What [#compile] would hold, without compiling: within a few percent, from shapes and dtypes.
  default GraphMemory memory(Graph graph, int itemCountMax) {
    return GraphMemory.mapped(graph, itemCountMax);
  }

  /// What somebody who reads the placement report should know of a graph here, one clause, e.g.
  /// that its weights take more memory than in the file; empty as a rule.
  default Optional<String> remark(Graph graph) {
    return Optional.empty();
  }

  /// Compiles a graph all of whose nodes are supported, for up to `itemCountMax` items. May take
  /// long (upload, repacking, driver compilation). Constants must stay readable until the compiled
  /// graph is closed.
  ///
  /// @param itemCountMax at least 1
  /// @throws dev.alcedo.runtime.api.BackendException if the driver refuses
  /// @throws dev.alcedo.runtime.api.ResourceExhaustedException if memory does not suffice
  CompiledGraph compile(Graph graph, int itemCountMax);

  /// Compiles as [#compile(Graph, int)] does and tells how far it is. A backend that has no long
  /// work need not tell anything.
  ///
  /// @param ready gets the bytes of each constant, as the file has it, that took work and is in
  ///   place now; not those that an earlier graph has brought. Called by any thread, one at a time
  default CompiledGraph compile(Graph graph, int itemCountMax, LongConsumer ready) {
    return compile(graph, itemCountMax);
  }

  @Override
  void close();
}
