// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.GraphChecks;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

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
  private final GraphChecks checks;
  private final FreshKeys fresh;
  private final Run run = new Run();
  private volatile boolean isClosed;

  /// @param memory which this graph closes, also if it cannot be made
  GpuGraph(
      Graph graph,
      int itemCountMax,
      GpuBackend backend,
      DevicePlan plan,
      GraphMemory memory,
      Fusions fusions) {
    this.name = graph.name();
    this.itemCountMax = itemCountMax;
    this.backend = backend;
    this.memory = memory;
    this.ports = new Ports(graph, itemCountMax, plan, arena);
    this.checks = new GraphChecks(graph, itemCountMax, Set.of(DType.F16, DType.F32));
    this.fresh = new FreshKeys(backend.clDevice(), name);
    try {
      addSteps(graph, fusions);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void addSteps(Graph graph, Fusions fusions) {
    ClDevice device = backend.clDevice();
    Tuning tuning = backend.tuning();
    var rowProducts = new RowProducts(memory, device, tuning, backend.tuner(), backend.features());
    var nodeSteps = new NodeSteps(graph, memory);
    var attention = new AttentionSteps(memory, device, tuning, fresh);
    var products =
        new ProductSteps(graph, memory, device, tuning, backend.tuner(), rowProducts, itemCountMax);
    Function<Node, Step> single =
        node ->
            switch (node.op()) {
              case Op.Embedding _ -> products.embedding(node);
              case Op.MatMul _ -> products.matMul(node);
              case Op.PatchEmbed op -> products.patchEmbed(node, op);
              case Op.Attention op -> attention.step(node, op);
              default -> nodeSteps.step(node);
            };
    List<Node> nodes = graph.nodes();
    for (int i = 0; i < nodes.size(); i = fusions.end(i) + 1) {
      List<Node> together = nodes.subList(i, fusions.end(i) + 1);
      steps.add(
          switch (fusions.at(i).orElse(null)) {
            case null -> single.apply(nodes.get(i));
            case Fusion.Ropes ropes -> nodeSteps.ropes(ropes);
            case Fusion.Products fusion when itemCountMax == 1 -> rowProducts.fused(fusion);
            case Fusion.Products fusion -> {
              Step one = rowProducts.fused(fusion);
              Step many = Step.all(together.stream().map(single).toList());
              yield run -> (run.itemCount() == 1 ? one : many).enqueue(run);
            }
          });
    }
    for (Node node : nodes) {
      if (node.op() instanceof Op.Attention op && op.isCausal()) {
        fresh.add(op.cacheLayer());
      }
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
    checks.run(bindings);
    ports.checkIds(bindings);
    run.begin(bindings.itemCount(), bindings.spans());
    try {
      compute(bindings);
    } catch (VlmException e) {
      abandon(e);
      throw e;
    }
    ports.deliver(bindings);
  }

  private void compute(Bindings bindings) {
    if (checks.readsCache()) {
      for (Bindings.Span span : run.spans()) {
        KvReplica replica = backend.replica(span.cache());
        run.replicas().add(replica);
        span.cache().storing(span.position(), backend);
        replica.begin(span.position());
      }
      fresh.begin(run);
    }
    ports.read(bindings);
    for (Step step : steps) {
      step.enqueue(run);
    }
    ports.write(bindings);
    fresh.read();
    backend.clDevice().finish();
    fresh.deliver(run);
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
      fresh.close();
      arena.close();
    }
  }
}
