// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import dev.alcedo.backend.cpu.internal.vector.width.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the machine can do on as many threads as the kernels get: bytes read from memory and from
/// the first cache, and fused multiply-adds. Sums run in several registers side by side, because
/// one waits for the sum before it: four cycles for each step of which two could be done a cycle.
public class PeakBenchmark extends KernelBenchmark {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.species();
  private static final int LANES = SPECIES.length();
  private static final int SUMS = 8;
  private static final int STEPS = 1 << 14;

  /// More than any cache holds.
  @State(Scope.Thread)
  public static class Large {
    final float[] data = filled(64 << 20);
  }

  /// Half of a small first cache.
  @State(Scope.Thread)
  public static class Small {
    final float[] data = filled(4 << 10);
  }

  private static float[] filled(int length) {
    var data = new float[length];
    for (int i = 0; i < length; i++) {
      data[i] = i & 7;
    }
    return data;
  }

  /// Reads memory once through.
  @Benchmark
  public float readMemory(Large large, Work work) {
    work.memoryBytes += 4L * large.data.length;
    return sum(large.data);
  }

  /// Reads what is in the cache.
  @Benchmark
  public float readCache(Small small, Work work) {
    work.cacheBytes += 4L * small.data.length;
    return sum(small.data);
  }

  private static float sum(float[] data) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int i = 0; i <= data.length - SUMS * LANES; i += SUMS * LANES) {
      a = a.add(FloatVector.fromArray(SPECIES, data, i));
      b = b.add(FloatVector.fromArray(SPECIES, data, i + LANES));
      c = c.add(FloatVector.fromArray(SPECIES, data, i + 2 * LANES));
      d = d.add(FloatVector.fromArray(SPECIES, data, i + 3 * LANES));
      e = e.add(FloatVector.fromArray(SPECIES, data, i + 4 * LANES));
      f = f.add(FloatVector.fromArray(SPECIES, data, i + 5 * LANES));
      g = g.add(FloatVector.fromArray(SPECIES, data, i + 6 * LANES));
      h = h.add(FloatVector.fromArray(SPECIES, data, i + 7 * LANES));
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h);
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /// Multiplies and adds in registers only.
  @Benchmark
  public float multiplyAdd(Small small, Work work) {
    FloatVector x = FloatVector.fromArray(SPECIES, small.data, 0);
    FloatVector y = FloatVector.fromArray(SPECIES, small.data, LANES);
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int i = 0; i < STEPS; i++) {
      a = x.fma(y, a);
      b = x.fma(y, b);
      c = x.fma(y, c);
      d = x.fma(y, d);
      e = x.fma(y, e);
      f = x.fma(y, f);
      g = x.fma(y, g);
      h = x.fma(y, h);
    }
    work.flops += 2L * LANES * SUMS * STEPS;
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h);
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
