// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Layers on mapped weights at sizes that the contract's cases do not reach: several slabs of
/// activation rows and of columns, with tails of each.
class VectorLinearTest {
  private final Random random = Seeds.random("slabs");
  private final Scratch scratch = new Scratch();

  @ParameterizedTest
  @CsvSource({"F32, 20, 2560, 420", "Q8_0, 13, 4384, 301", "F32, 9, 1152, 1000"})
  void slabsAreAddedUp(DType dtype, int n, int k, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      TensorView weight = mapped(TestWeights.random(dtype, n, k, random), arena);
      float[] x = Fill.GAUSSIAN.floats(rows * k, random);
      float[] bias = Fill.GAUSSIAN.floats(n, random);
      Operand operand = new RowOperand(Operand.Form.PLAIN);
      float[] y = LinearRun.result(new VectorLinear(weight), operand, x, rows, bias, scratch);
      // A chain of k roundings, each off by 2^-24 of a sum that is no larger than all magnitudes.
      LinearRun.check(weight, i -> x[i], rows, bias, y, k * 0x1p-24);
    }
  }

  private static TensorView mapped(TensorView view, Arena arena) {
    MemorySegment copy = arena.allocate(view.byteSize(), 64);
    copy.copyFrom(view.data());
    return new TensorView(view.dtype(), view.shape(), copy);
  }
}
