// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.testkit.Seeds;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The worked examples of BlueLM-V-3B (arXiv 2411.10640, section 3.2), some more worked out by
/// hand, and what must hold for any size. Tiles are 384 pixels wide, alpha is 0.1.
@ExtendWith(Seeds.class)
class GridRuleTest {
  private static final int TILE = 384;
  private static final double ALPHA = 0.1;
  private static final int RANDOM_COUNT = 20_000;

  @ParameterizedTest
  @CsvSource({
    // From the paper.
    "LLAVA_NEXT, 3, 394, 390, 2:2",
    "RELAXED, 3, 394, 390, 1:1",
    "RELAXED, 3, 380, 76, 1:1",
    "LLAVA_NEXT, 3, 380, 393, 1:2",
    "RELAXED, 3, 380, 393, 1:1",
    "RELAXED, 3, 500, 102, 2:1",
    "RELAXED, 4, 768, 1536, 2:4",
    // Worked out from the rules.
    "RELAXED, 3, 640, 480, 2:2",
    "LLAVA_NEXT, 3, 640, 480, 2:2",
    "INTERNVL, 3, 640, 480, 3:2",
    "RELAXED, 3, 1024, 768, 3:2",
    "RELAXED, 3, 800, 600, 2:2",
    "LLAVA_NEXT, 3, 800, 600, 3:2",
    "RELAXED, 4, 1080, 2400, 2:4",
    "RELAXED, 4, 1260, 2800, 2:4",
    "RELAXED, 3, 768, 1536, 2:3",
    "RELAXED, 3, 1080, 2400, 2:3",
    "RELAXED, 3, 1260, 2800, 2:3",
    "RELAXED, 3, 1920, 1080, 3:2",
    "RELAXED, 4, 1920, 1080, 4:3",
    "RELAXED, 3, 4000, 3000, 3:3",
    "RELAXED, 4, 4000, 3000, 4:3",
    "RELAXED, 3, 404, 848, 1:2",
    // So thin that nothing is left of it.
    "RELAXED, 3, 4000, 1, 1:1",
    "RELAXED, 3, 1, 10000, 1:1",
    "LLAVA_NEXT, 3, 4000, 1, 1:1",
    "RELAXED, 3, 1, 1, 1:1"
  })
  void choosesTheExpectedGrid(TileRule rule, int sideMax, int width, int height, String expected) {
    GridRule chooser = GridRule.of(rule, sideMax, sideMax, sideMax * sideMax, TILE, ALPHA);
    assertEquals(expected, chooser.choose(width, height).toString());
  }

  @ParameterizedTest
  @CsvSource({"380, 76, 5:1", "500, 102, 5:1"})
  void internVlOfSixTilesChoosesTheExpectedGrid(int width, int height, String expected) {
    assertEquals(
        expected,
        new InternVlRule(GridCandidates.byTileCount(6), TILE).choose(width, height).toString());
  }

  @Test
  void internVlPrefersTheLargerOfEqualGridsForLargePictures() {
    InternVlRule rule = new InternVlRule(GridCandidates.byTileCount(9), TILE);
    assertEquals("1:1", rule.choose(384, 384).toString());
    // More than half of 2 x 2 tiles, less than half of 3 x 3.
    assertEquals("2:2", rule.choose(600, 600).toString());
    assertEquals("3:3", rule.choose(1000, 1000).toString());
  }

  @Test
  void relaxedNeverTakesMoreTilesThanLlavaNext() {
    for (int sideMax : new int[] {3, 4}) {
      GridRule relaxed =
          GridRule.of(TileRule.RELAXED, sideMax, sideMax, sideMax * sideMax, TILE, ALPHA);
      GridRule next =
          GridRule.of(TileRule.LLAVA_NEXT, sideMax, sideMax, sideMax * sideMax, TILE, ALPHA);
      Random random = Seeds.random("relaxed against next");
      int smallerCount = 0;
      for (int i = 0; i < RANDOM_COUNT; i++) {
        int width = 1 + random.nextInt(3000);
        int height = 1 + random.nextInt(3000);
        int difference =
            relaxed.choose(width, height).tileCount() - next.choose(width, height).tileCount();
        assertTrue(difference <= 0, "%dx%d of %d".formatted(width, height, sideMax));
        smallerCount += difference < 0 ? 1 : 0;
      }
      assertTrue(smallerCount > 0, "the rules never differed");
    }
  }

  @Test
  void twoDescendingOrdersChooseAlikeAndTheAscendingOneSometimesNot() {
    List<TileGrid> byName = GridCandidates.descending(3, 3, 9);
    List<TileGrid> byArea =
        byName.stream().sorted(Comparator.comparingInt(TileGrid::tileCount).reversed()).toList();
    var rule = new RelaxedRule(byName, TILE, ALPHA);
    var ruleByArea = new RelaxedRule(byArea, TILE, ALPHA);
    var ruleAscending = new RelaxedRule(byName.reversed(), TILE, ALPHA);
    Random random = Seeds.random("candidate order");
    int ascendingCount = 0;
    for (int i = 0; i < RANDOM_COUNT; i++) {
      int width = 1 + random.nextInt(3000);
      int height = 1 + random.nextInt(3000);
      TileGrid grid = rule.choose(width, height);
      assertEquals(grid, ruleByArea.choose(width, height), "%dx%d".formatted(width, height));
      ascendingCount += grid.equals(ruleAscending.choose(width, height)) ? 0 : 1;
    }
    assertTrue(ascendingCount > 0 && ascendingCount < RANDOM_COUNT / 25, "got " + ascendingCount);
  }

  @Test
  void relaxedShowsMostOfWhatCouldBeShown() {
    List<TileGrid> candidates = GridCandidates.descending(3, 3, 9);
    var rule = new RelaxedRule(candidates, TILE, ALPHA);
    Random random = Seeds.random("relaxed loss");
    double worst = 1;
    for (int i = 0; i < RANDOM_COUNT; i++) {
      int width = 16 + random.nextInt(3000);
      int height = 16 + random.nextInt(3000);
      long most =
          candidates.stream()
              .mapToLong(grid -> Fit.of(grid, TILE, width, height).effective())
              .max()
              .orElseThrow();
      long shown = Fit.of(rule.choose(width, height), TILE, width, height).effective();
      worst = Math.min(worst, (double) shown / most);
    }
    // Two steps of just under alpha each: 0.9 * 0.9.
    assertTrue(worst >= 0.81 && worst < 0.9, "worst share: " + worst);
  }

  @ParameterizedTest
  @EnumSource
  void keepsToTheTilesThatAreAllowed(TileRule rule) {
    Random random = Seeds.random("tile budget " + rule);
    for (int tileCountMax = 1; tileCountMax <= 9; tileCountMax++) {
      GridRule chooser = GridRule.of(rule, 3, 3, tileCountMax, TILE, ALPHA);
      int most = 0;
      for (int i = 0; i < 1000; i++) {
        TileGrid grid = chooser.choose(1 + random.nextInt(3000), 1 + random.nextInt(3000));
        most = Math.max(most, grid.tileCount());
      }
      assertTrue(most <= tileCountMax, "%d of %d".formatted(most, tileCountMax));
      assertTrue(2 * most >= tileCountMax, "only %d of %d".formatted(most, tileCountMax));
    }
  }

  @Test
  void candidatesComeInTheirOrder() {
    assertEquals(
        "[3:3, 3:2, 3:1, 2:3, 2:2, 2:1, 1:3, 1:2, 1:1]",
        GridCandidates.descending(3, 3, 9).toString());
    assertEquals("[3:1, 2:2, 2:1, 1:3, 1:2, 1:1]", GridCandidates.descending(3, 3, 4).toString());
    assertEquals(
        "[1:1, 1:2, 2:1, 1:3, 3:1, 1:4, 2:2, 4:1]", GridCandidates.byTileCount(4).toString());
  }
}
