// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.testkit.Seeds;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(Seeds.class)
class SliceRuleTest {
  private static final SliceRule MINICPMV = new SliceRule(448, 14, 9, 16);

  // Worked by hand from `get_sliced_images` of MiniCPM-V's image processor: 448 pixels, 9 slices.
  @ParameterizedTest
  @CsvSource({
    // 14.9 areas are 9 at most; of 8 and 9 tiles 3:3 is nearest to log(4 / 3). A third is 667x500,
    // r = 1.334, 387x516, whole patches: 518x392; so is the whole.
    "2000, 1500, 518x392, 3:3, 518x392",
    // 3.5 areas: of 3, 4 and 5 tiles 2:2. A quarter is 448x392, r = 1.143, 478x419: 476x420.
    "896, 784, 476x420, 2:2, 476x420",
    // 2.99 areas: of 2, 3 and 4 tiles 3:1. A third is 408x490, r = 0.833, 408x490: 406x490.
    "1225, 490, 714x280, 3:1, 406x490",
    // 1.2 areas: of 2 and 3 tiles 1:2. A half is 420x280, r = 1.5, 547x365: 546x364.
    "420, 560, 392x518, 1:2, 546x364",
    // Half an area: of 2 tiles 2:1. The whole is small enough: 1000x100 in patches. A half is
    // 500x100, which grows: r = 5, 1000x200: 994x196.
    "1000, 100, 994x98, 2:1, 994x196",
    // 3.3 areas of thin air: of 3, 4 and 5 tiles 5:1.
    "16384, 40, 9016x28, 5:1, 4018x56"
  })
  void followsTheProcessor(int width, int height, String whole, String grid, String tile) {
    GridLayout layout = MINICPMV.choose(width, height);
    assertEquals(whole, text(layout.whole()));
    assertEquals(grid, layout.tiles().orElseThrow().grid().toString());
    assertEquals(tile, text(layout.tiles().orElseThrow().size()));
  }

  private static String text(PixelSize size) {
    return size.width() + "x" + size.height();
  }

  @Test
  void smallPicturesBecomeOneSquare() {
    var square = new GridLayout(new PixelSize(448, 448), Optional.empty());
    assertEquals(square, MINICPMV.choose(448, 448));
    assertEquals(square, MINICPMV.choose(1, 448));
    assertTrue(MINICPMV.choose(449, 1).tiles().isPresent());
  }

  @Test
  void limitsHold() {
    assertEquals("2:2", grid(new SliceRule(448, 14, 4, 16), 2000, 1500));
    assertEquals("2:2", grid(new SliceRule(448, 14, 5, 2), 2000, 1500));
    assertEquals("1:1", grid(new SliceRule(448, 14, 1, 16), 2000, 1500));
    assertEquals(
        Optional.empty(), MINICPMV.whole(2000, 1500).tiles(), "the whole alone, where asked for");
    assertEquals(MINICPMV.choose(2000, 1500).whole(), MINICPMV.whole(2000, 1500).whole());
  }

  private static String grid(SliceRule rule, int width, int height) {
    return rule.choose(width, height).tiles().orElseThrow().grid().toString();
  }

  @Test
  void sizesAreWholePatchesOfBoundedArea() {
    Random random = Seeds.random("slices");
    for (int i = 0; i < 10_000; i++) {
      int scale = 56 + random.nextInt(500);
      int patchSize = 4 + random.nextInt(20);
      var rule = new SliceRule(scale, patchSize, 1 + random.nextInt(12), 1 + random.nextInt(16));
      int width = 1 + random.nextInt(random.nextBoolean() ? 100 : 16_384);
      int height = 1 + random.nextInt(random.nextBoolean() ? 100 : 16_384);
      GridLayout layout = rule.choose(width, height);
      layout
          .tiles()
          .ifPresent(tiles -> {
            assertTrue(tiles.grid().tileCount() <= rule.tileCountMax());
            assertTrue(Math.max(tiles.grid().cols(), tiles.grid().rows()) <= rule.gridSideMax());
            assertEquals(0, tiles.size().width() % patchSize + tiles.size().height() % patchSize);
          });
      for (PixelSize size : layout.sizes()) {
        long area = (long) size.width() * size.height();
        // A side has half a patch more, and one at least: a thin strip is as long as it must be.
        long longest = (long) (scale * Math.sqrt(16_384)) + patchSize;
        assertTrue(
            area <= Math.max(longest * patchSize, 2L * (scale + patchSize) * (scale + patchSize)),
            "%s: %dx%d: %s".formatted(rule, width, height, size));
      }
    }
  }
}
