// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ImageOptions.GridMax;
import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageReport.OtherRule;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A picture's report says what other rules would have cost; grids keep to what was set. Tiles of
/// Alcedo-Tiny have 64 pixels and 16 image tokens.
class OtherRulesTest {
  private static final Levers LEVERS = new Levers("chunked", Lever.OFF, Residence.KEEP, 4, false);

  private Alcedo alcedo;

  @BeforeEach
  void open() {
    alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);
  }

  @AfterEach
  void close() {
    alcedo.close();
  }

  private ImageReport report(ImageOptions image, int width, int height) {
    try (Model model = alcedo.load(LEVERS.options().withImage(image), Progress.NONE)) {
      return model.prepare(TestPictures.png(TestPictures.noise(width, height))).await();
    }
  }

  /// The paper's first example, a picture hardly larger than a tile.
  @Test
  void theRelaxedRuleSparesWhatLlavaNextWouldTake() {
    ImageReport report = report(ImageOptions.DEFAULTS, 66, 65);
    assertEquals(1, report.tileCount());
    assertEquals(16, report.tokenCount());
    assertEquals(
        List.of(
            new OtherRule(TileRule.LLAVA_NEXT, 2, 2, 5, 80),
            new OtherRule(TileRule.INTERNVL, 1, 1, 1, 16)),
        report.otherRules());
  }

  @Test
  void theOthersAreThoseNotAskedFor() {
    ImageReport report = report(ImageOptions.DEFAULTS.rule(TileRule.LLAVA_NEXT), 66, 65);
    assertEquals(5, report.tileCount());
    assertEquals(
        List.of(TileRule.RELAXED, TileRule.INTERNVL),
        report.otherRules().stream().map(OtherRule::rule).toList());
  }

  @Test
  void gridsMayBeTallerThanWide() {
    ImageReport ofModel = report(ImageOptions.DEFAULTS, 128, 256);
    assertEquals("2:3", ofModel.gridCols() + ":" + ofModel.gridRows());
    ImageReport tall = report(ImageOptions.DEFAULTS.gridMax(new GridMax(2, 4)), 128, 256);
    assertEquals("2:4", tall.gridCols() + ":" + tall.gridRows());
    assertEquals(9, tall.tileCount());
    ImageReport flat = report(ImageOptions.DEFAULTS.gridMax(new GridMax(3, 1)), 128, 256);
    assertEquals(1, flat.gridRows());
  }
}
