// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// A vector kernel that allocates is one whose vector operations the JIT did not inline: right, but
/// a hundred times too slow. Run with `-Xbatch`, so that hot code is compiled code. Its JVM runs
/// nothing else, because what other tests do to type profiles is not what a model does. Run a
/// second time without type profiles, because it is chance whether there are any when a kernel is
/// compiled.
class KernelAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int LENGTH = 2051; // with a tail at every width
  private static final int K = 1024;
  private static final int N = 24;
  private static final int ROWS = 35;
  // Some of what runs is Java, not vectors: a slice of memory, a box. Every vector that is not
  // inlined allocates 64 bytes or more, and each kernel here makes over a hundred in a call.
  private static final long BYTES_MAX = 2_000;
  private static final int CALLS = 100;

  private final Random random = Seeds.random("allocation");
  private final Kernels kernels = new VectorKernels();
  private final Scratch scratch = new Scratch();
  private final WorkerPool pool = new WorkerPool(1);
  private final float[] a = Fill.GAUSSIAN.floats(ROWS * 4 * K, random);
  private final float[] b = Fill.GAUSSIAN.floats(ROWS * 4 * K, random);
  private final float[] w = Fill.GAUSSIAN.floats(LENGTH, random);
  private final float[] y = new float[ROWS * 4 * K];

  private record Case(String name, Runnable call) {}

  @TestFactory
  Stream<DynamicTest> hotKernelsAllocateNothing() {
    var cases = new ArrayList<Case>();
    rowKernels(cases);
    weightKernels(cases);
    attentionKernels(cases);
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.name, () -> check(c)));
  }

  private static void check(Case c) {
    for (int i = 0; i < 1_200; i++) {
      c.call.run();
    }
    long id = Thread.currentThread().threadId();
    long before = THREADS.getThreadAllocatedBytes(id);
    for (int i = 0; i < CALLS; i++) {
      c.call.run();
    }
    long perCall = (THREADS.getThreadAllocatedBytes(id) - before) / CALLS;
    assertEquals(
        0, perCall / BYTES_MAX, "%s: %d bytes allocated per call".formatted(c.name, perCall));
  }

  private void rowKernels(List<Case> cases) {
    cases.add(new Case("add", () -> kernels.add(a, 1, b, 0, y, 0, LENGTH)));
    cases.add(new Case("mul", () -> kernels.mul(a, 1, b, 0, y, 0, LENGTH)));
    cases.add(new Case("scale", () -> kernels.scale(0.5f, a, 1, y, 0, LENGTH)));
    cases.add(new Case("silu", () -> kernels.silu(a, 1, y, 0, LENGTH)));
    cases.add(new Case("quickGelu", () -> kernels.quickGelu(a, 1, y, 0, LENGTH)));
    for (Op.Gelu.Form form : Op.Gelu.Form.values()) {
      cases.add(new Case("gelu " + form, () -> kernels.gelu(form, a, 1, y, 0, LENGTH)));
    }
    cases.add(new Case("roundToF16Digits", () -> Rows.roundToF16Digits(a, 1, y, 0, LENGTH)));
    cases.add(new Case("roundToBf16", () -> Rows.roundToBf16(a, 1, y, 0, LENGTH)));
    cases.add(new Case("softmax", () -> kernels.softmax(a, 1, y, 0, LENGTH)));
    cases.add(new Case("rmsNorm", () -> kernels.rmsNorm(1e-6f, w, a, 1, y, 0)));
    cases.add(new Case("layerNorm", () -> kernels.layerNorm(1e-6f, w, w, a, 1, y, 0)));
    cases.add(new Case("argmax", () -> y[0] = kernels.argmax(a, 1, LENGTH)));
    cases.add(new Case("mean", () -> kernels.mean(a, 0, 6 * K, 2, K, y, 0)));
    for (Op.Rope.Style style : Op.Rope.Style.values()) {
      var op = new Op.Rope(style, 32, 64, 64, 1e4f, 1, 1);
      cases.add(new Case("rope " + style, () -> kernels.rope(op, b, 0, a, 0, y, 0)));
    }
  }

  private void weightKernels(List<Case> cases) {
    for (DType dtype : VectorWeights.ALL.keySet()) {
      var weight = TestWeights.random(dtype, N, K, random);
      cases.add(new Case("readRow " + dtype, () -> kernels.readRow(weight, 3, y, 0)));
      Linear linear =
          kernels.isPacked(dtype)
              ? kernels.pack(weight, Arena.ofAuto(), pool, scratch)
              : kernels.linear(weight);
      for (int rows : new int[] {1, 3, ROWS}) {
        Operand x = kernels.newOperand(linear.form());
        x.reserve(rows, K);
        prepare(x, rows);
        cases.add(
            new Case("operand of %s, %d rows".formatted(dtype, rows), () -> prepare(x, rows)));
        cases.add(
            new Case(
                "linear %s, %d rows".formatted(dtype, rows),
                () -> linear.run(x, rows, null, y, 0, N, scratch)));
      }
    }
  }

  private void prepare(Operand x, int rows) {
    for (int i = 0; i < x.units(rows, K); i++) {
      x.prepare(a, rows, K, i, scratch);
    }
  }

  private void attentionKernels(List<Case> cases) {
    for (DType dtype : KvLayout.DTYPES) {
      var op = new Op.Attention(4, 2, 64, 0.125f, 0, 0);
      var task = new AttentionTask(op, 1, 1, a, b, b, null, y);
      var cache = new KvCache(new KvLayout(dtype, 1, 2, 64), 200);
      var run = new Run(ROWS);
      run.begin(ROWS, List.of(new Bindings.Span(0, ROWS, cache, 100)));
      cases.add(
          new Case(
              "causal attention, " + dtype,
              () -> kernels.attention(task, run, 0, kernels.attentionUnits(task, run), scratch)));
    }
    var op = new Op.Attention(4, 2, 64, 0.125f, Op.Attention.NO_CACHE, 0);
    var windows = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      windows[i] = i / 8;
    }
    for (int[] segments : new int[][] {null, windows}) {
      var task = new AttentionTask(op, ROWS, ROWS, a, b, b, segments, y);
      var run = new Run(1);
      run.begin(1, List.of());
      cases.add(
          new Case(
              "attention within items" + (segments == null ? "" : ", in windows"),
              () -> kernels.attention(task, run, 0, kernels.attentionUnits(task, run), scratch)));
    }
  }
}
