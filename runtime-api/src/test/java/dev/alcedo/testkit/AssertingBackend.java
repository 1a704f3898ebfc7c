// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A backend around another that checks its *caller*: what is bound, which items belong to which KV
/// cache, one thread at a time, no use after close, nothing left open. Violations are thrown where
/// they happen and kept, because engines turn what backends throw into failed requests; tests end
/// with [#verify()].
public final class AssertingBackend implements BackendProvider {
  private final BackendProvider inner;
  private final List<AssertionError> violations = new CopyOnWriteArrayList<>();
  private final AtomicInteger openGraphs = new AtomicInteger();
  private final AtomicInteger openBackends = new AtomicInteger();
  private final AtomicInteger runs = new AtomicInteger();

  /// Around the backend of `inner`, under the id `asserting-` and the id of `inner`.
  public AssertingBackend(BackendProvider inner) {
    this.inner = inner;
  }

  /// Runs of compiled graphs so far.
  public int runCount() {
    return runs.get();
  }

  /// Fails if a rule was broken, or a graph or the backend is still open.
  public void verify() {
    violations.forEach(v -> {
      throw v;
    });
    if (openGraphs.get() != 0 || openBackends.get() != 0) {
      throw new AssertionError(
          "still open: %d compiled graphs, %d backends"
              .formatted(openGraphs.get(), openBackends.get()));
    }
  }

  @Override
  public String id() {
    return "asserting-" + inner.id();
  }

  @Override
  public int weight() {
    return 0;
  }

  @Override
  public Availability probe() {
    return inner.probe();
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    openBackends.incrementAndGet();
    return new Checked(inner.open(device, options));
  }

  private void check(boolean isTrue, String message) {
    if (!isTrue) {
      var violation = new AssertionError(message);
      violations.add(violation);
      throw violation;
    }
  }

  private final class Checked extends ForwardingBackend {
    private final AtomicInteger ownGraphs = new AtomicInteger();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    Checked(Backend backend) {
      super(backend);
    }

    @Override
    public CompiledGraph compile(Graph graph, int itemCountMax) {
      check(!isClosed.get(), "compile on a closed backend");
      for (Node node : graph.nodes()) {
        check(supports(node).isSupported(), "compile of an unsupported " + node.describe());
      }
      CompiledGraph compiled = super.compile(graph, itemCountMax);
      openGraphs.incrementAndGet();
      ownGraphs.incrementAndGet();
      return new CheckedGraph(this, graph, compiled);
    }

    @Override
    public void close() {
      if (!isClosed.getAndSet(true)) {
        openBackends.decrementAndGet();
        check(ownGraphs.get() == 0, "backend closed before %d graphs".formatted(ownGraphs.get()));
      }
      super.close();
    }
  }

  private final class CheckedGraph extends ForwardingGraph {
    private final Checked owner;
    private final Graph graph;
    private final AtomicBoolean isRunning = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    CheckedGraph(Checked owner, Graph graph, CompiledGraph compiled) {
      super(compiled);
      this.owner = owner;
      this.graph = graph;
    }

    @Override
    public void execute(Bindings bindings) {
      check(!isClosed.get(), "graph '%s' runs after close".formatted(graph.name()));
      check(isRunning.compareAndSet(false, true), "graph '%s' runs twice".formatted(graph.name()));
      try {
        List<String> broken = BindingRules.check(graph, itemCountMax(), bindings);
        check(broken.isEmpty(), "run of graph '%s': %s".formatted(graph.name(), broken));
        runs.incrementAndGet();
        super.execute(bindings);
      } finally {
        isRunning.set(false);
      }
    }

    @Override
    public void close() {
      if (!isClosed.getAndSet(true)) {
        openGraphs.decrementAndGet();
        owner.ownGraphs.decrementAndGet();
        check(!isRunning.get(), "graph '%s' closed while it runs".formatted(graph.name()));
        check(!owner.isClosed.get(), "graph '%s' outlived its backend".formatted(graph.name()));
      }
      super.close();
    }
  }
}
