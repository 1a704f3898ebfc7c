// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.GraphChecks;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.function.LongConsumer;

/// The CPU with one set of kernels and its own worker threads.
public final class CpuBackend implements Backend {
  static final Set<DType> CACHE_TYPES = Set.copyOf(KvLayout.DTYPES);

  private final DeviceInfo device;
  private final Kernels kernels;
  private final WorkerPool pool;
  private final PackedStore packed;
  private final boolean leavesProcessorIdle;
  private volatile boolean isClosed;

  /// Starts the workers.
  ///
  /// @param threadCount threads that compute, the caller's included
  /// @param coreCount cores that the process may keep busy
  public CpuBackend(DeviceInfo device, Kernels kernels, int threadCount, int coreCount) {
    this.device = device;
    this.kernels = kernels;
    this.pool = new WorkerPool(threadCount);
    this.packed = new PackedStore(kernels, pool);
    this.leavesProcessorIdle = threadCount < coreCount;
  }

  @Override
  public DeviceInfo device() {
    return device;
  }

  @Override
  public Support supports(Node node) {
    return switch (node.op()) {
      case Op.Embedding _, Op.MatMul _, Op.PatchEmbed _ -> supportsWeight(node.inputs().get(1));
      case Op.Add _,
          Op.Mul _,
          Op.Scale _,
          Op.RmsNorm _,
          Op.LayerNorm _,
          Op.Rope _,
          Op.Attention _,
          Op.Softmax _,
          Op.Silu _,
          Op.Gelu _,
          Op.QuickGelu _,
          Op.Concat _,
          Op.Slice _,
          Op.Reshape _,
          Op.Transpose _,
          Op.Pool2d _,
          Op.SpaceToDepth _,
          Op.Argmax _ ->
          Support.SUPPORTED;
    };
  }

  @Override
  public Set<DType> cacheTypes() {
    return CACHE_TYPES;
  }

  private Support supportsWeight(Value weight) {
    return kernels.readsWeights(weight.dtype())
        ? Support.SUPPORTED
        : Support.unsupported(weight.dtype() + " weights");
  }

  @Override
  public boolean leavesProcessorIdle() {
    return leavesProcessorIdle;
  }

  @Override
  public GraphMemory memory(Graph graph, int itemCountMax) {
    return MemoryEstimate.of(graph, itemCountMax, kernels);
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax) {
    return compile(graph, itemCountMax, _ -> {});
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax, LongConsumer ready) {
    if (isClosed) {
      throw new IllegalStateException("backend '%s' is closed".formatted(device.name()));
    }
    GraphChecks.compilable(this, graph, itemCountMax);
    Arena arena = Arena.ofShared();
    try {
      return new CpuGraph(graph, itemCountMax, kernels, packed, pool, arena, ready);
    } catch (RuntimeException | OutOfMemoryError e) {
      arena.close();
      if (e instanceof OutOfMemoryError || e instanceof ArithmeticException) {
        throw ResourceExhaustedException.ofMemory(
            "compile of graph '%s' for %d items: no memory for intermediate values in a heap of %d bytes; compile for fewer items or raise -Xmx"
                .formatted(graph.name(), itemCountMax, Runtime.getRuntime().maxMemory()),
            e);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    isClosed = true;
    pool.close();
  }
}
