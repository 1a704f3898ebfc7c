// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.GraphChecks;
import java.lang.foreign.Arena;
import java.util.function.LongConsumer;

/// A graph as a list of steps over arrays that are allocated once. A run allocates nothing.
final class CpuGraph implements CompiledGraph, WorkerPool.Task {
  // More chunks than threads, so that a thread that was preempted does not hold up the others.
  private static final int CHUNKS_PER_THREAD = 4;

  private final String name;
  private final int itemCountMax;
  private final WorkerPool pool;
  private final Arena arena;
  private final Scratch scratch = new Scratch();
  private final Run run;
  private final Ports ports;
  private final Constants constants;
  private final GraphChecks checks;
  private final Step[] steps;
  private final long residentBytes;
  private volatile boolean isClosed;

  // What the pool's threads are working on; constant while they do.
  private Step step;
  private int units;
  private int grainCount;
  private int chunkCount;

  /// @param arena owns copies of constants; this graph closes it
  /// @param packed packed weights of the backend's graphs
  /// @param ready gets the bytes of each weight that had to be packed
  CpuGraph(
      Graph graph,
      int itemCountMax,
      Kernels kernels,
      PackedStore packed,
      WorkerPool pool,
      Arena arena,
      LongConsumer ready) {
    this.name = graph.name();
    this.itemCountMax = itemCountMax;
    this.pool = pool;
    this.arena = arena;
    this.run = new Run(itemCountMax);
    var plan = new BufferPlan(graph, itemCountMax);
    this.constants = new Constants(graph, arena, kernels, packed, pool, scratch, ready);
    Compiler compiler;
    try {
      compiler = new Compiler(graph, itemCountMax, kernels, plan, constants);
      this.steps = compiler.compile().toArray(Step[]::new);
    } catch (RuntimeException | Error e) {
      constants.release();
      throw e;
    }
    this.step = steps.length > 0 ? steps[0] : new Step("nothing", _ -> 0, 1, (_, _, _, _) -> {});
    this.ports = new Ports(graph, plan);
    this.checks = new GraphChecks(graph, itemCountMax, CpuBackend.CACHE_TYPES);
    this.residentBytes = plan.byteSize() + constants.byteSize() + compiler.byteSize();
  }

  @Override
  public int itemCountMax() {
    return itemCountMax;
  }

  @Override
  public long residentBytes() {
    return residentBytes;
  }

  @Override
  public void execute(Bindings bindings) {
    if (isClosed) {
      throw new IllegalStateException("compiled graph '%s' is closed".formatted(name));
    }
    checks.run(bindings);
    run.begin(bindings.itemCount(), bindings.spans());
    if (checks.readsCache()) {
      for (int i = 0; i < run.spans().size(); i++) {
        run.spans().get(i).cache().storing(run.spans().get(i).position(), pool);
      }
    }
    ports.read(bindings);
    for (Step next : steps) {
      execute(next);
    }
    ports.write(bindings);
  }

  private void execute(Step next) {
    step = next;
    units = next.units().of(run);
    grainCount = Math.ceilDiv(units, next.grain());
    chunkCount = Math.min(grainCount, pool.threadCount() * CHUNKS_PER_THREAD);
    pool.run(this, chunkCount, scratch);
  }

  /// One chunk of the current step, for the pool.
  @Override
  public void run(int chunk, Scratch own) {
    int from = (int) ((long) grainCount * chunk / chunkCount) * step.grain();
    int to = (int) ((long) grainCount * (chunk + 1) / chunkCount) * step.grain();
    step.body().run(run, from, Math.min(to, units), own);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      constants.release();
      arena.close();
    }
  }
}
