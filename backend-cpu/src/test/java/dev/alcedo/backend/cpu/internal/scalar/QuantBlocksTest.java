// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The quant types against the values that gguf-py gives for the same bytes.
class QuantBlocksTest {
  private static final int OFFSET = 5; // readers must not depend on alignment or on starting at 0

  static List<String> lines() throws IOException {
    try (InputStream in = QuantBlocksTest.class.getResourceAsStream("quant-blocks.txt")) {
      assertNotNull(in, "quant-blocks.txt");
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest(name = "{argumentsWithNames}")
  @MethodSource("lines")
  void valuesAreThoseOfGgufPy(String line) {
    String[] fields = line.split(" ");
    DType dtype = DType.valueOf(fields[0]);
    byte[] blocks = Base64.getDecoder().decode(fields[1]);
    MemorySegment expected = MemorySegment.ofArray(Base64.getDecoder().decode(fields[2]));
    var shifted = new byte[OFFSET + blocks.length];
    System.arraycopy(blocks, 0, shifted, OFFSET, blocks.length);
    int count = (int) (expected.byteSize() / Float.BYTES);
    var got = new float[count + 1];
    ScalarWeights.of(dtype).read(MemorySegment.ofArray(shifted), OFFSET, count, got, 1);
    for (int i = 0; i < count; i++) {
      float value = expected.get(TensorView.F32_LE, 4L * i);
      assertEquals(value, got[i + 1], 1e-6 * Math.max(1, Math.abs(value)), dtype + " element " + i);
    }
    assertEquals(0, got[0], "nothing is written before the target");
  }

  @Test
  void everyQuantTypeThatIsReadIsCompared() throws IOException {
    var compared = EnumSet.noneOf(DType.class);
    lines().forEach(l -> compared.add(DType.valueOf(l.split(" ")[0])));
    for (DType dtype : DType.values()) {
      if (dtype.isQuantised() && ScalarWeights.isReadable(dtype)) {
        assertTrue(compared.contains(dtype), dtype + " is missing from quant-blocks.txt");
      }
    }
  }
}
