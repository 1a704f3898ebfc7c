// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.backend.cpu.internal.vector.LinearRun;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Packed layers against plain sums over the same rounded activations: but for the rounding of
/// activations, which the contract's tolerance is for, they are as exact as floats.
class PackedLinearTest {
  private static final int[] ROWS = {1, 2, 5, 33};
  private static final int[] NS = {1, 13, 33, 64};
  private static final int BLOCK = 32;

  private final Random random = Seeds.random("packed");
  private final Scratch scratch = new Scratch();

  static Stream<DType> packed() {
    return Arrays.stream(DType.values()).filter(PackedWeights::isPacked);
  }

  @ParameterizedTest
  @MethodSource("packed")
  void computesWhatItsRoundedActivationsSay(DType dtype) {
    int[] ks = dtype.blockLength() == BLOCK ? new int[] {32, 96, 288, 512} : new int[] {256, 768};
    try (var pool = new WorkerPool(2);
        Arena arena = Arena.ofConfined()) {
      for (int k : ks) {
        for (int n : NS) {
          TensorView weight = TestWeights.random(dtype, n, k, random);
          Linear linear = PackedWeights.pack(weight, arena, pool, scratch);
          for (int rows : ROWS) {
            check(linear, weight, rows);
          }
        }
      }
    }
  }

  private void check(Linear linear, TensorView weight, int rows) {
    int n = weight.shape().dim(0);
    int k = weight.shape().cols();
    float[] x = Fill.GAUSSIAN.floats(rows * k, random);
    Arrays.fill(x, 0, BLOCK, 0); // a block of zeros has no scale
    float[] bias = Fill.GAUSSIAN.floats(n, random);
    float[] y = LinearRun.result(linear, PackedWeights.newOperand(), x, rows, bias, scratch);
    // Weights with minima are the difference of two larger numbers: so 2^-20, not 2^-24.
    LinearRun.check(weight, i -> rounded(x, i), rows, bias, y, 8 * 0x1p-20);
  }

  /// Activation `i` in steps of its block's largest / 127.
  private static double rounded(float[] x, int i) {
    int first = i / BLOCK * BLOCK;
    float max = 0;
    for (int c = first; c < first + BLOCK; c++) {
      max = Math.max(max, Math.abs(x[c]));
    }
    float scale = max / 127;
    return max == 0 ? 0 : Math.rint(x[i] * (1 / scale)) * scale;
  }
}
