// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// Bytes of each dtype, written out, and what they mean.
class ScalarWeightsTest {
  @Test
  void readsPlainTypes() {
    assertArrayEquals(
        new float[] {1, -2.5f}, read(DType.F32, 2, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0));
    // 0x3C00 = 1, 0xC100 = -2.5, 0x0001 = 2^-24 (subnormal), 0x7BFF = 65504
    assertArrayEquals(
        new float[] {1, -2.5f, 0x1p-24f, 65504},
        read(DType.F16, 4, 0, 0x3C, 0, 0xC1, 1, 0, 0xFF, 0x7B));
    assertArrayEquals(new float[] {1, -2.5f}, read(DType.BF16, 2, 0x80, 0x3F, 0x20, 0xC0));
  }

  @Test
  void readsQ8_0() {
    var bytes = new int[34];
    bytes[1] = 0x38; // 0x3800 = 0.5
    bytes[2] = 0x80; // -128
    bytes[3] = 0x7F; // 127
    bytes[33] = 0xFF; // -1
    float[] y = read(DType.Q8_0, 32, bytes);
    assertEquals(-64f, y[0]);
    assertEquals(63.5f, y[1]);
    assertEquals(0f, y[2]);
    assertEquals(-0.5f, y[31]);
  }

  @Test
  void readsQ4_0() {
    var bytes = new int[36]; // the second of two blocks
    bytes[19] = 0x40; // 0x4000 = 2
    bytes[20] = 0xF0; // element 0: 0 - 8, element 16: 15 - 8
    bytes[35] = 0x19; // element 15: 9 - 8, element 31: 1 - 8
    float[] y = read(DType.Q4_0, 64, bytes);
    assertEquals(0f, Math.abs(y[0]), "zero scale");
    assertEquals(-16f, y[32]);
    assertEquals(14f, y[32 + 16]);
    assertEquals(2f, y[32 + 15]);
    assertEquals(-14f, y[32 + 31]);
  }

  @Test
  void saysWhatItCannotRead() {
    assertFalse(ScalarWeights.isReadable(DType.IQ2_S));
  }

  private static float[] read(DType dtype, int count, int... unsigned) {
    var bytes = new byte[unsigned.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) unsigned[i];
    }
    var table = new TensorView(dtype, Shape.of(1, count), MemorySegment.ofArray(bytes));
    var y = new float[count];
    ScalarWeights.readRow(table, 0, y, 0);
    return y;
  }
}
