// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.runtime.api.graph.Op;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/// Attention of a vision tower among the patches of a tile, in the shape of SigLIP-so400m at 384
/// pixels: 729 patches, 16 heads of 72 elements.
public class TowerAttentionBenchmark extends KernelBenchmark {
  private static final int ROWS = 729;
  private static final int HEADS = 16;
  private static final int HEAD_LENGTH = 72;

  private AttentionTask task;
  private Run run;

  /// Makes queries, keys and values.
  @Setup
  public void setUp() {
    int length = ROWS * HEADS * HEAD_LENGTH;
    var op =
        new Op.Attention(
            HEADS,
            HEADS,
            HEAD_LENGTH,
            (float) (1 / Math.sqrt(HEAD_LENGTH)),
            Op.Attention.NO_CACHE,
            0);
    task =
        new AttentionTask(
            op,
            ROWS,
            ROWS,
            gaussian(length, random),
            gaussian(length, random),
            gaussian(length, random),
            null,
            new float[length]);
    run = new Run(1);
    run.begin(1, List.of());
  }

  /// One layer of one tile.
  @Benchmark
  public float[] towerAttention(Work work) {
    kernels.attention(task, run, 0, kernels.attentionUnits(task, run), scratch);
    work.flops += 4L * ROWS * ROWS * HEADS * HEAD_LENGTH;
    return task.y();
  }
}
