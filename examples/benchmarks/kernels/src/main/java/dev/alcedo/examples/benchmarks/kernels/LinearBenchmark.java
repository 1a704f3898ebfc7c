// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.TestWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Linear layers 2048 to 2048. There are so many of them, used in turns, that their weights come
/// from memory as a model's do. One row is decode; 128 are prefill.
public class LinearBenchmark extends KernelBenchmark {
  private static final int N = 2048;
  private static final int K = 2048;
  private static final long ALL_LAYERS_BYTES = 256 << 20;
  private static final long ALIGNMENT = 64;

  /// Of the weights: all that there are kernels for.
  @Param({
    "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "IQ4_NL", "IQ4_XS", "MXFP4",
    "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"
  })
  public DType dtype;

  /// Of x and y.
  @Param({"1", "8", "128"})
  public int rows;

  private Linear[] layers;
  private int next;
  private long layerBytes;
  private Operand operand;
  private float[] x;
  private float[] y;

  /// Lays the weights out and prepares x.
  @Setup
  public void setUp() {
    TensorView weight = TestWeights.random(dtype, N, K, random);
    layerBytes =
        kernels.isPacked(dtype) ? kernels.packedByteSize(weight) : weight.data().byteSize();
    layers = new Linear[Math.toIntExact(Math.ceilDiv(ALL_LAYERS_BYTES, layerBytes))];
    try (var pool = new WorkerPool(1)) {
      for (int i = 0; i < layers.length; i++) {
        layers[i] = layer(weight, pool);
      }
    }
    x = gaussian(rows * K, random);
    y = new float[rows * N];
    operand = kernels.newOperand(layers[0].form());
    operand.reserve(rows, K);
    prepare();
  }

  private Linear layer(TensorView weight, WorkerPool pool) {
    if (kernels.isPacked(dtype)) {
      return kernels.pack(weight, Arena.ofAuto(), pool, scratch);
    }
    MemorySegment copy = Arena.ofAuto().allocate(weight.byteSize(), ALIGNMENT);
    return kernels.linear(new TensorView(dtype, weight.shape(), copy.copyFrom(weight.data())));
  }

  private void prepare() {
    for (int i = 0; i < operand.units(rows, K); i++) {
      operand.prepare(x, rows, K, i, scratch);
    }
  }

  /// The layer, its left operand being prepared already.
  @Benchmark
  public float[] linear(Work work) {
    layers[next].run(operand, rows, null, y, 0, N, scratch);
    next = next + 1 < layers.length ? next + 1 : 0;
    work.memoryBytes += layerBytes;
    work.flops += 2L * rows * N * K;
    return y;
  }

  /// Preparing the left operand: rounding, splitting or packing it as these weights want it.
  @Benchmark
  public Operand operand(Work work) {
    prepare();
    work.cacheBytes += 4L * rows * K;
    return operand;
  }
}
