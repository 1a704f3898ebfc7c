// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Quants;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Types whose bytes are prescribed, against those that others write.
class SmallBlocksTest {
  static List<String> lines() throws IOException {
    try (InputStream in = SmallBlocksTest.class.getResourceAsStream("small-blocks.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void bytesAreThoseOfGgufPy(String line) {
    String[] fields = line.split(" ");
    DType dtype = DType.valueOf(fields[0]);
    MemorySegment values = MemorySegment.ofArray(Base64.getDecoder().decode(fields[1]));
    var x = new float[(int) values.byteSize() / 4];
    MemorySegment.copy(values, TensorView.F32_LE, 0, x, 0, x.length);
    byte[] expected = Base64.getDecoder().decode(fields[2]);
    byte[] got = encode(dtype, x);
    assertEquals(expected.length, got.length);
    for (int i = 0; i < got.length; i++) {
      int block = i / dtype.blockBytes();
      assertEquals(expected[i], got[i], "%s, block %d, byte %d".formatted(dtype, block, i));
    }
  }

  @Test
  void bytesAreThoseOfTheTestkit() {
    Random random = new Random(5);
    var x = new float[32 * 2000];
    for (int i = 0; i < x.length; i++) {
      double scale = Math.pow(2, i / 32 % 60 - 40);
      x[i] = (float) (random.nextGaussian() * scale);
    }
    for (DType dtype : List.of(DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0)) {
      assertArrayEquals(Quants.encode(dtype, x), encode(dtype, x), dtype.name());
    }
  }

  static byte[] encode(DType dtype, float[] x) {
    var out = ByteBuffer.allocate((int) dtype.bytes(x.length)).order(ByteOrder.LITTLE_ENDIAN);
    BlockEncoder encoder = BlockEncoders.open(dtype);
    for (int at = 0; at < x.length; at += dtype.blockLength()) {
      encoder.encode(x, at, out);
    }
    assertEquals(0, out.remaining());
    return out.array();
  }
}
