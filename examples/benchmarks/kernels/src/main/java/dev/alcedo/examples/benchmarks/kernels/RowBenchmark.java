// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import dev.alcedo.runtime.api.graph.Op;
import org.openjdk.jmh.annotations.Benchmark;

/// Kernels of one row of 2048 elements, which is in the cache: the step before has just written it.
/// Their bytes are those of all arguments that are as long as the row.
public class RowBenchmark extends KernelBenchmark {
  private static final int LENGTH = 2048;
  private static final int HEAD_LENGTH = 64;
  private static final float EPS = 1e-6f;

  private final Op.Rope interleaved = rope(Op.Rope.Style.INTERLEAVED);
  private final Op.Rope halves = rope(Op.Rope.Style.HALVES);
  private final float[] a = gaussian(LENGTH, random);
  private final float[] b = gaussian(LENGTH, random);
  private final float[] c = gaussian(LENGTH, random);
  private final float[] y = new float[LENGTH];

  private static Op.Rope rope(Op.Rope.Style style) {
    return new Op.Rope(style, LENGTH / HEAD_LENGTH, HEAD_LENGTH, HEAD_LENGTH, 1e4f, 1, 1);
  }

  private float[] done(Work work, int arrays) {
    work.cacheBytes += 4L * LENGTH * arrays;
    return y;
  }

  /// Residual.
  @Benchmark
  public float[] add(Work work) {
    kernels.add(a, 0, b, 0, y, 0, LENGTH);
    return done(work, 3);
  }

  /// Gate by up.
  @Benchmark
  public float[] mul(Work work) {
    kernels.mul(a, 0, b, 0, y, 0, LENGTH);
    return done(work, 3);
  }

  /// [Op.Scale].
  @Benchmark
  public float[] scale(Work work) {
    kernels.scale(0.5f, a, 0, y, 0, LENGTH);
    return done(work, 2);
  }

  /// [Op.Silu].
  @Benchmark
  public float[] silu(Work work) {
    kernels.silu(a, 0, y, 0, LENGTH);
    return done(work, 2);
  }

  /// [Op.Gelu] by tanh.
  @Benchmark
  public float[] geluTanh(Work work) {
    kernels.gelu(Op.Gelu.Form.TANH, a, 0, y, 0, LENGTH);
    return done(work, 2);
  }

  /// [Op.Gelu] by erf.
  @Benchmark
  public float[] geluErf(Work work) {
    kernels.gelu(Op.Gelu.Form.ERF, a, 0, y, 0, LENGTH);
    return done(work, 2);
  }

  /// [Op.QuickGelu].
  @Benchmark
  public float[] quickGelu(Work work) {
    kernels.quickGelu(a, 0, y, 0, LENGTH);
    return done(work, 2);
  }

  /// [Op.Softmax].
  @Benchmark
  public float[] softmax(Work work) {
    kernels.softmax(a, 0, y, 0, LENGTH);
    return done(work, 2);
  }

  /// [Op.RmsNorm].
  @Benchmark
  public float[] rmsNorm(Work work) {
    kernels.rmsNorm(EPS, b, a, 0, y, 0);
    return done(work, 3);
  }

  /// [Op.LayerNorm].
  @Benchmark
  public float[] layerNorm(Work work) {
    kernels.layerNorm(EPS, b, c, a, 0, y, 0);
    return done(work, 4);
  }

  /// [Op.Rope] of neighbouring elements.
  @Benchmark
  public float[] ropeInterleaved(Work work) {
    kernels.rope(interleaved, b, 0, a, 0, y, 0);
    return done(work, 2);
  }

  /// [Op.Rope] of the elements of a head's halves.
  @Benchmark
  public float[] ropeHalves(Work work) {
    kernels.rope(halves, b, 0, a, 0, y, 0);
    return done(work, 2);
  }

  /// [Op.Argmax].
  @Benchmark
  public int argmax(Work work) {
    done(work, 1);
    return kernels.argmax(a, 0, LENGTH);
  }
}
