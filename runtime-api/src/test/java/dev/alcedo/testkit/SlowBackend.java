// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// A backend around another that stands in for a device of its own: each run takes a time for
/// itself and a time for each item, during which no processor is needed, and the device does one
/// thing at a time. What it computes is what the other one computes.
public final class SlowBackend implements BackendProvider {
  private final BackendProvider inner;
  private final String id;
  private final Duration perRun;
  private final Duration perItem;
  private final AtomicInteger openGraphs = new AtomicInteger();

  /// @param id of its own
  /// @param perRun what a run takes, whatever it has to do
  /// @param perItem what each item adds
  public SlowBackend(BackendProvider inner, String id, Duration perRun, Duration perItem) {
    this.inner = inner;
    this.id = id;
    this.perRun = perRun;
    this.perItem = perItem;
  }

  /// Graphs that are compiled and not closed.
  public int openGraphCount() {
    return openGraphs.get();
  }

  @Override
  public String id() {
    return id;
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
    return new Slow(inner.open(device, options));
  }

  private final class Slow extends ForwardingBackend {
    private final ReentrantLock device = new ReentrantLock(true);

    Slow(Backend backend) {
      super(backend);
    }

    @Override
    public boolean leavesProcessorIdle() {
      return true;
    }

    @Override
    public CompiledGraph compile(Graph graph, int itemCountMax) {
      CompiledGraph compiled = super.compile(graph, itemCountMax);
      openGraphs.incrementAndGet();
      return new SlowGraph(compiled, device);
    }
  }

  private final class SlowGraph extends ForwardingGraph {
    private final ReentrantLock device;
    private boolean isClosed;

    SlowGraph(CompiledGraph compiled, ReentrantLock device) {
      super(compiled);
      this.device = device;
    }

    @Override
    public void execute(Bindings bindings) {
      device.lock();
      try {
        long end = System.nanoTime() + perRun.toNanos() + perItem.toNanos() * bindings.itemCount();
        super.execute(bindings);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
      } finally {
        device.unlock();
      }
    }

    @Override
    public void close() {
      if (!isClosed) {
        isClosed = true;
        openGraphs.decrementAndGet();
        super.close();
      }
    }
  }
}
