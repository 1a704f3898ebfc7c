// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What kernels rely on in vectors; the build runs this at each width.
class LanesTest {
  /// The upper half is added to the lower one until two are left. Long enough for both the
  /// interpreter and the JIT to have had their turn.
  @Test
  void sumsLanesInOneOrder() {
    Random random = Seeds.random("lanes");
    for (int turn = 0; turn < 50_000; turn++) {
      float[] x = Fill.GAUSSIAN.floats(Lanes.LENGTH, random);
      float got = Lanes.sum(Lanes.load(x, 0));
      for (int half = Lanes.LENGTH / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
          x[i] += x[i + half];
        }
      }
      assertEquals(x[0], got, "turn " + turn);
    }
  }
}
