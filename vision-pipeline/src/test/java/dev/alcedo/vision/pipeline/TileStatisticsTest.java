// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.vision.pipeline.TileStatistics.Comparison;
import dev.alcedo.vision.pipeline.TileStatistics.RuleCount;
import dev.alcedo.vision.pipeline.TileStatistics.Size;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TileStatisticsTest {
  @Test
  void countsTilesAndDifferences() {
    // Relaxed 1:1, 2:2, 3:2; LLaVA-NeXT 2:2, 2:2, 3:2; InternVL 1:1, 3:2, 3:2.
    var sizes = List.of(new Size(394, 390), new Size(640, 480), new Size(1920, 1280));
    TileStatistics statistics = TileStatistics.of(sizes, 3, 384, 0.1);
    assertEquals(
        new RuleCount(TileRule.RELAXED, 11, 13, Map.of("1:1", 1, "2:2", 1, "3:2", 1)),
        statistics.rules().get(0));
    assertEquals(
        new RuleCount(TileRule.LLAVA_NEXT, 14, 17, Map.of("2:2", 2, "3:2", 1)),
        statistics.rules().get(1));
    assertEquals(
        new Comparison(TileRule.RELAXED, TileRule.LLAVA_NEXT, 1, 2, 0),
        statistics.comparisons().get(0));
    assertEquals(
        new Comparison(TileRule.LLAVA_NEXT, TileRule.RELAXED, 0, 2, 1),
        statistics.comparisons().get(2));
  }

  @Test
  void randomSizesRepeatThemselves() {
    assertEquals(TileStatistics.randomSizes(100, 1), TileStatistics.randomSizes(100, 1));
  }

  @Test
  void refusesNumbersOutOfRange() {
    List<Size> sizes = List.of(new Size(1, 1));
    assertThrows(IllegalArgumentException.class, () -> TileStatistics.of(sizes, 17, 384, 0.1));
    assertThrows(IllegalArgumentException.class, () -> TileStatistics.of(sizes, 3, 0, 0.1));
    assertThrows(IllegalArgumentException.class, () -> TileStatistics.of(sizes, 3, 384, 1.5));
    assertThrows(IllegalArgumentException.class, () -> TileStatistics.randomSizes(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Size(0, 1));
  }
}
