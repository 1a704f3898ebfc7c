// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A graph as a list of kernels with their arguments. A run queues inputs, kernels and outputs and
/// waits once, at the end.
final class GpuGraph implements CompiledGraph {
  private final String name;
  private final int itemCountMax;
  private final GpuBackend backend;
  private final GraphMemory memory;
  private final Arena arena = Arena.ofShared();
  private final Ports ports;
  private final List<Step> steps = new ArrayList<>();
  private final List<Op.Attention> cacheReaders = new ArrayList<>();
  private final TreeSet<Integer> cacheLayers = new TreeSet<>();
  private final Run run = new Run();
  private volatile boolean isClosed;

  /// @param memory which this graph closes, also if it cannot be made
  GpuGraph(Graph graph, int itemCountMax, GpuBackend backend, DevicePlan plan, GraphMemory memory) {
    this.name = graph.name();
    this.itemCountMax = itemCountMax;
    this.backend = backend;
    this.memory = memory;
    this.ports = new Ports(graph, itemCountMax, plan, arena);
    var nodeSteps = new NodeSteps(graph, memory);
    var attention = new AttentionSteps(memory);
    var products =
        new ProductSteps(graph, memory, backend.clDevice(), backend.tuning(), itemCountMax);
    try {
      for (Node node : graph.nodes()) {
        steps.add(
            switch (node.op()) {
              case Op.Embedding _ -> products.embedding(node);
              case Op.MatMul _ -> products.matMul(node);
              case Op.PatchEmbed op -> products.patchEmbed(node, op);
              case Op.Attention op -> attention.step(node, op);
              default -> nodeSteps.step(node);
            });
        if (node.op() instanceof Op.Attention op && op.isCausal()) {
          cacheReaders.add(op);
          cacheLayers.add(op.cacheLayer());
        }
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public int itemCountMax() {
    return itemCountMax;
  }

  @Override
  public long residentBytes() {
    return memory.byteSize();
  }

  @Override
  public void execute(Bindings bindings) {
    if (isClosed) {
      throw new IllegalStateException("compiled graph '%s' is closed".formatted(name));
    }
    int items = bindings.itemCount();
    if (items < 1 || items > itemCountMax) {
      throw new IllegalArgumentException(
          "run of graph '%s': items: expected 1 to %d, got %d"
              .formatted(name, itemCountMax, items));
    }
    run.begin(items, bindings.spans());
    cacheReaders.forEach(run::check);
    ports.check(bindings);
    try {
      compute(bindings);
    } catch (VlmException e) {
      abandon(e);
      throw e;
    }
    ports.deliver(bindings);
  }

  private void compute(Bindings bindings) {
    if (!cacheReaders.isEmpty()) {
      for (Bindings.Span span : run.spans()) {
        KvReplica replica = backend.replica(span.cache());
        run.replicas().add(replica);
        span.cache().storing(span.position(), backend);
        replica.begin(span.position());
      }
    }
    ports.read(bindings);
    for (Step step : steps) {
      step.enqueue(run);
    }
    ports.write(bindings);
    for (int i = 0; i < run.replicas().size(); i++) {
      Bindings.Span span = run.spans().get(i);
      for (int layer : cacheLayers) {
        run.replicas().get(i).takeBack(layer, span.position(), end(span));
      }
    }
    backend.clDevice().finish();
    for (int i = 0; i < run.replicas().size(); i++) {
      run.replicas().get(i).end(end(run.spans().get(i)));
    }
  }

  private static int end(Bindings.Span span) {
    return span.position() + span.itemCount();
  }

  /// What is queued still reads and writes the caller's memory, so it must end before the caller
  /// goes on, however it ends.
  private void abandon(VlmException cause) {
    run.replicas().forEach(KvReplica::forget);
    try {
      backend.clDevice().finish();
    } catch (VlmException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      memory.close();
      arena.close();
    }
  }
}
