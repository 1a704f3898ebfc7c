// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which batch wins.
class TileBatchSearchTest {
  @Test
  void theQuickestWins() {
    assertEquals(4, TileBatchSearch.best(Map.of(1, 0.30, 2, 0.25, 4, 0.20, 6, 0.24)));
    assertEquals(1, TileBatchSearch.best(Map.of(1, 0.10, 2, 0.25, 4, 0.20, 6, 0.24)));
    assertEquals(6, TileBatchSearch.best(Map.of(1, 0.30, 2, 0.25, 4, 0.20, 6, 0.10)));
  }

  @Test
  void hardlyQuickerIsNotWorthItsMemory() {
    assertEquals(1, TileBatchSearch.best(Map.of(1, 0.300, 2, 0.299, 4, 0.298, 6, 0.297)));
    assertEquals(4, TileBatchSearch.best(Map.of(1, 0.300, 2, 0.295, 4, 0.280, 6, 0.275)));
  }
}
