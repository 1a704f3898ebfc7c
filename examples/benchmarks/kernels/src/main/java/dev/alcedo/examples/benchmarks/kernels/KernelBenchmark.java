// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.vector.VectorKernels;
import dev.alcedo.testkit.Fill;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the benchmarks share: each runs in a JVM of its own, whose type profiles are then those of
/// one kernel, with the product's flags.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "-XX:+UseSerialGC",
      "-Xms2g",
      "-Xmx2g",
      "-Xlog:disable",
      "-Xlog:all=error:stderr"
    })
public class KernelBenchmark {
  final Kernels kernels = new VectorKernels();
  final Scratch scratch = new Scratch();
  final Random random = new Random(1);

  static float[] gaussian(int length, Random random) {
    return Fill.GAUSSIAN.floats(length, random);
  }
}
