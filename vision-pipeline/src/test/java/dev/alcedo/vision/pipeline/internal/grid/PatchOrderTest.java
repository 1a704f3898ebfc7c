// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class PatchOrderTest {
  // `get_window_index` of Qwen2.5-VL's code on 3 rows of 5 tokens in windows of 2x2.
  @Test
  void tokensOfAWindowAreNeighbours() {
    PatchOrder order = PatchOrder.windowed(new PatchGrid(10, 6), 2, 2);
    assertArrayEquals(new int[] {0, 1, 5, 6, 2, 3, 7, 8, 4, 9, 10, 11, 12, 13, 14}, order.tokens());
    int[] patchesPerWindow = new int[6];
    Arrays.stream(order.windows()).forEach(window -> patchesPerWindow[window]++);
    assertArrayEquals(new int[] {16, 16, 8, 8, 8, 4}, patchesPerWindow);
  }

  @Test
  void patchesOfATokenAreNeighboursRowByRow() {
    PatchOrder order = PatchOrder.merged(new PatchGrid(4, 2), 2);
    assertArrayEquals(new int[] {0, 0, 1, 1, 0, 0, 1, 1}, order.rows());
    assertArrayEquals(new int[] {0, 1, 0, 1, 2, 3, 2, 3}, order.cols());
    assertArrayEquals(new int[8], order.windows());
    assertArrayEquals(new int[] {0, 1}, order.tokens());
    PatchOrder plain = PatchOrder.merged(new PatchGrid(2, 3), 1);
    assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2}, plain.rows());
    assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1}, plain.cols());
  }

  @Test
  void everyPatchAndTokenComesOnceAndWindowsAscend() {
    for (int cols = 2; cols <= 14; cols += 2) {
      for (int rows = 2; rows <= 14; rows += 2) {
        for (int side = 1; side <= 8; side++) {
          PatchOrder order = PatchOrder.windowed(new PatchGrid(cols, rows), 2, side);
          var patches = new BitSet();
          for (int i = 0; i < cols * rows; i++) {
            patches.set(order.rows()[i] * cols + order.cols()[i]);
            assertEquals(
                order.tokens()[i / 4], order.rows()[i] / 2 * (cols / 2) + order.cols()[i] / 2);
            assertTrue(i == 0 || order.windows()[i] - order.windows()[i - 1] <= 1);
            assertTrue(i == 0 || order.windows()[i] >= order.windows()[i - 1]);
          }
          assertEquals(cols * rows, patches.cardinality());
          assertEquals(cols * rows / 4, Arrays.stream(order.tokens()).distinct().count());
        }
      }
    }
  }

  @Test
  void refusesGridsOfNoWholeSquares() {
    assertThrows(IllegalArgumentException.class, () -> PatchOrder.merged(new PatchGrid(3, 2), 2));
    assertThrows(
        IllegalArgumentException.class, () -> PatchOrder.windowed(new PatchGrid(2, 2), 2, 0));
  }
}
