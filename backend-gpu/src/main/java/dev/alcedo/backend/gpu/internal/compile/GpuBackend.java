// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.cache.ProgramFiles;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.GraphChecks;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One OpenCL device that compiles and runs graphs.
public final class GpuBackend implements Backend {
  private final DeviceInfo info;
  private final ClDevice device;
  private final Programs programs;
  private final DeviceWeights weights;
  private final Target target;
  private final Set<KvReplica> replicas = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  /// Takes over `device` and closes it.
  ///
  /// @param isGpu whether the driver calls it one; CPU devices are laid out for otherwise
  /// @param features which of its optional features are used
  /// @param files where compiled programs are kept
  public GpuBackend(
      DeviceInfo info, ClDevice device, boolean isGpu, Features features, ProgramFiles files) {
    this.info = info;
    this.device = device;
    this.programs = new Programs(device, files, features);
    this.target =
        new Target(device, Tuning.of(isGpu, device.facts()), new Tuner(device, files), features);
    this.weights = new DeviceWeights(target);
  }

  @Override
  public DeviceInfo device() {
    return info;
  }

  @Override
  public Support supports(Node node) {
    return switch (node.op()) {
      case Op.Embedding _, Op.MatMul _, Op.PatchEmbed _ ->
          supportsWeight(node.inputs().get(1).dtype());
      case Op.Attention op when op.headLength() > AttentionSteps.HEAD_LENGTH_MAX ->
          Support.unsupported(
              "heads of %d elements, only up to %d"
                  .formatted(op.headLength(), AttentionSteps.HEAD_LENGTH_MAX));
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
    return CacheKernels.DTYPES;
  }

  private static Support supportsWeight(DType dtype) {
    return WeightLayout.of(dtype).isPresent()
        ? Support.SUPPORTED
        : Support.unsupported(dtype + " weights");
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax) {
    requireOpen();
    GraphChecks.compilable(this, graph, itemCountMax);
    for (Value value : graph.values()) {
      DevicePlan.checked(graph, value, value.shape().elementCount(), 1);
    }
    var fusions = new Fusions(graph);
    var plan = new DevicePlan(graph, itemCountMax, target, fusions);
    var memory = new GraphMemory(graph, programs, weights, plan);
    return new GpuGraph(graph, itemCountMax, this, plan, memory, fusions);
  }

  /// What its kernels are laid out for.
  Target target() {
    return target;
  }

  /// What this device holds of `cache`.
  KvReplica replica(KvCache cache) {
    return (KvReplica)
        cache.replica(
            this,
            () -> {
              var replica = new KvReplica(cache, device, replicas::remove);
              replicas.add(replica);
              return replica;
            });
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("backend '%s' is closed".formatted(info.name()));
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      List.copyOf(replicas).forEach(KvReplica::close);
      programs.close();
      device.close();
    }
  }
}
