// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Optional;
import java.util.Set;

/// Asks another backend. Wrappers override what they do differently.
class ForwardingBackend implements Backend {
  private final Backend backend;

  ForwardingBackend(Backend backend) {
    this.backend = backend;
  }

  @Override
  public DeviceInfo device() {
    return backend.device();
  }

  @Override
  public Support supports(Node node) {
    return backend.supports(node);
  }

  @Override
  public Optional<String> remark(Graph graph) {
    return backend.remark(graph);
  }

  @Override
  public boolean leavesProcessorIdle() {
    return backend.leavesProcessorIdle();
  }

  @Override
  public Set<DType> cacheTypes() {
    return backend.cacheTypes();
  }

  @Override
  public GraphMemory memory(Graph graph, int itemCountMax) {
    return backend.memory(graph, itemCountMax);
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax) {
    return backend.compile(graph, itemCountMax);
  }

  @Override
  public void close() {
    backend.close();
  }
}
