// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Quants;
import dev.alcedo.testkit.Seeds;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Q8_0 blocks as ggml's reference makes them, byte for byte.
@ExtendWith(Seeds.class)
class Q8BlocksTest {
  @Test
  void roundsLikeTheReference() {
    Random random = Seeds.random("q8 blocks");
    var x = new float[64 * 32];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * Math.pow(10, i / 32 % 8 - 4));
    }
    Arrays.fill(x, 32, 64, 0); // nothing to scale
    for (int i = 64; i < 96; i++) {
      x[i] = i == 64 ? 127 : (i % 7 - 3) + 0.5f; // halves, of both signs
    }
    var got = new byte[34 + 64 * 34];
    Q8Blocks.write(x, 0, MemorySegment.ofArray(got), 34, x.length);
    var blocks = Arrays.copyOfRange(got, 34, got.length);
    assertArrayEquals(Quants.encode(DType.Q8_0, x), blocks);
  }
}
