// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// Attention of a language model of 1.1B weights over its KV cache: 32 heads of 64 elements, eight
/// to a key/value head. All layers have their turns, as in a model.
public class CausalAttentionBenchmark extends KernelBenchmark {
  private static final int LAYERS = 22;
  private static final int HEADS = 32;
  private static final int HEADS_KV = 4;
  private static final int HEAD_LENGTH = 64;

  /// Of the KV cache.
  @Param({"F16", "Q8_0", "F32"})
  public DType dtype;

  /// Positions in the KV cache before.
  @Param({"128", "1024"})
  public int depth;

  /// Positions that attend: one in decode.
  @Param({"1", "128"})
  public int rows;

  private KvCache cache;
  private final AttentionTask[] tasks = new AttentionTask[LAYERS];
  private Run run;
  private int next;
  private long layerBytes;
  private long layerFlops;

  /// Fills the KV cache.
  @Setup
  public void setUp() {
    int end = depth + rows;
    cache = new KvCache(new KvLayout(dtype, LAYERS, HEADS_KV, HEAD_LENGTH), end);
    float[] q = gaussian(rows * HEADS * HEAD_LENGTH, random);
    float[] kv = gaussian(end * HEADS_KV * HEAD_LENGTH, random);
    float[] y = new float[q.length];
    for (int layer = 0; layer < LAYERS; layer++) {
      var op = new Op.Attention(HEADS, HEADS_KV, HEAD_LENGTH, 0.125f, layer, 0);
      tasks[layer] = new AttentionTask(op, 1, 1, q, kv, kv, null, y);
      fill(cache.keys(layer), kv);
      fill(cache.values(layer), kv);
    }
    run = new Run(rows);
    run.begin(rows, List.of(new Bindings.Span(0, rows, cache, depth)));
    layerBytes = 2L * HEADS_KV * end * dtype.bytes(HEAD_LENGTH);
    long pairs = (long) rows * depth + (long) rows * (rows + 1) / 2;
    layerFlops = 4L * HEADS * HEAD_LENGTH * pairs;
  }

  private void fill(MemorySegment plane, float[] x) {
    for (int i = 0; i < x.length; i += HEAD_LENGTH) {
      kernels.store(x, i, plane, dtype, i, HEAD_LENGTH);
    }
  }

  /// Frees the KV cache.
  @TearDown
  public void tearDown() {
    cache.close();
  }

  /// One layer, keys and values of the rows being stored already.
  @Benchmark
  public float[] causalAttention(Work work) {
    AttentionTask task = tasks[next];
    kernels.attention(task, run, 0, kernels.attentionUnits(task, run), scratch);
    next = next + 1 < LAYERS ? next + 1 : 0;
    work.memoryBytes += layerBytes;
    work.flops += layerFlops;
    return task.y();
  }
}
