// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PositionsTest {
  /// `torch.bucketize(k / count, arange(1 / 70, 1, 1 / 70), right=True)`: how many of 1/70, 2/70,
  /// ... are at most k / count, in exact fractions.
  private static int bucket(int k, int count) {
    int bucket = 0;
    for (int boundary = 1; boundary < 70; boundary++) {
      BigInteger left = BigInteger.valueOf((long) boundary * count);
      bucket += left.compareTo(BigInteger.valueOf(70L * k)) <= 0 ? 1 : 0;
    }
    return bucket;
  }

  @Test
  void bucketsFollowTheModelsCode() {
    for (int cols = 1; cols <= 150; cols++) {
      int rows = 1 + cols * 7 % 90;
      PatchOrder order = PatchOrder.merged(new PatchGrid(cols, rows), 1);
      int[] positions = new PositionBuckets(70).positions(order);
      for (int i = 0; i < positions.length; i++) {
        int expected = bucket(i / cols, rows) * 70 + bucket(i % cols, cols);
        assertEquals(expected, positions[i], "%d of %s".formatted(i, order.grid()));
      }
    }
  }

  @Test
  void aFullGridHasEveryPosition() {
    int[] positions = new PositionBuckets(3).positions(PatchOrder.merged(new PatchGrid(3, 3), 1));
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8}, positions);
    int[] coarse = new PositionBuckets(2).positions(PatchOrder.merged(new PatchGrid(4, 1), 1));
    assertArrayEquals(new int[] {0, 0, 1, 1}, coarse);
  }

  @Test
  void sinesOfColumnsComeBeforeThoseOfRows() {
    float[] rows = new SinCosPositions(8).rows(PatchOrder.merged(new PatchGrid(2, 2), 1));
    float[] first = {0, 0, 1, 1, 0, 0, 1, 1};
    float sin = (float) Math.sin(1);
    float cos = (float) Math.cos(1);
    float slowSin = (float) Math.sin(0.01f);
    float slowCos = (float) Math.cos(0.01f);
    float[] right = {sin, slowSin, cos, slowCos, 0, 0, 1, 1};
    float[] below = {0, 0, 1, 1, sin, slowSin, cos, slowCos};
    for (int i = 0; i < 8; i++) {
      assertEquals(first[i], rows[i]);
      assertEquals(right[i], rows[8 + i]);
      assertEquals(below[i], rows[16 + i]);
    }
  }
}
