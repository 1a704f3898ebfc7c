// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.scalar.ScalarKernels;
import dev.alcedo.backend.cpu.internal.scalar.ScalarLinear;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// F16 and BF16 in vectors against their definition, bit for bit; the build runs this at each
/// width.
class NarrowFloatsTest {
  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();

  @Test
  void readsEverySixteenBitPattern() {
    int count = 1 << 16;
    for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
      try (Arena arena = Arena.ofConfined()) {
        var data = arena.allocate(2L * count);
        for (int i = 0; i < count; i++) {
          data.set(ValueLayout.JAVA_SHORT, 2L * i, (short) i);
        }
        var table = new TensorView(dtype, Shape.of(1, count), data);
        var expected = new float[count];
        var got = new float[count];
        scalar.readRow(table, 0, expected, 0);
        vector.readRow(table, 0, got, 0);
        assertSame(dtype.name(), expected, got);
      }
    }
  }

  @Test
  void roundsToBf16() {
    int lengthMax = 10_007;
    var x = new float[lengthMax];
    Random random = new Random(7);
    for (int i = 0; i < lengthMax; i++) {
      // All exponents, and the halves between two BF16 numbers often.
      int bits = random.nextInt();
      x[i] = Float.intBitsToFloat(i % 3 == 0 ? bits & ~0xFFFF | 0x8000 : bits);
    }
    x[0] = Float.NaN;
    x[1] = Float.NEGATIVE_INFINITY;
    x[2] = Float.MAX_VALUE; // rounds to infinity
    x[3] = Float.intBitsToFloat(0x7F800001); // the NaN that truncation would make infinite
    for (int length : new int[] {1, 3, 5, 31, lengthMax}) {
      var expected = new float[length];
      var got = new float[length];
      for (int i = 0; i < length; i++) {
        expected[i] = ScalarLinear.roundToBf16(x[i]);
      }
      Rows.roundToBf16(x, 0, got, 0, length);
      assertSame("length " + length, expected, got);
    }
  }

  @Test
  void roundsToTheDigitsOfF16() {
    int length = 10_007;
    var x = new float[length];
    var expected = new float[length];
    var got = new float[length];
    Random random = new Random(8);
    for (int i = 0; i < length; i++) {
      // In the range of F16 and its halves between two numbers often.
      float value = (random.nextFloat() - 0.5f) * (1 << random.nextInt(16)) + 0x1p-13f;
      int bits = Float.floatToIntBits(value);
      x[i] = Float.intBitsToFloat(i % 3 == 0 ? bits & ~0x1FFF | 0x1000 : bits);
      expected[i] = Float.float16ToFloat(Float.floatToFloat16(x[i]));
      assertEquals(expected[i], ScalarLinear.roundToF16Digits(x[i]));
    }
    x[0] = expected[0] = Float.NaN;
    x[1] = expected[1] = Float.POSITIVE_INFINITY;
    x[2] = 1e30f; // no F16
    expected[2] = ScalarLinear.roundToF16Digits(x[2]);
    assertEquals(1e30f, expected[2], 1e30f / 2048);
    Rows.roundToF16Digits(x, 0, got, 0, length);
    assertSame("", expected, got);
  }

  private static void assertSame(String what, float[] expected, float[] got) {
    for (int i = 0; i < expected.length; i++) {
      // Whichever NaN it is.
      assertEquals(
          Float.floatToIntBits(expected[i]),
          Float.floatToIntBits(got[i]),
          "%s, element %d: expected %s, got %s".formatted(what, i, expected[i], got[i]));
    }
  }
}
