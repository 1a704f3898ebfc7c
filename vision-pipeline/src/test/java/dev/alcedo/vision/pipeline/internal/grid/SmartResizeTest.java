// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.testkit.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(Seeds.class)
class SmartResizeTest {
  // Worked by hand from `smart_resize` of Qwen2-VL's image processor with its own limits, 4 to 1280
  // tokens of 28 pixels: rounded sides; floor(side / beta) where that is too much; ceil(side *
  // beta)
  // where it is too little.
  @ParameterizedTest
  @CsvSource({
    "224, 224, 224, 224",
    "238, 210, 252, 224", // 8.5 and 7.5 are rounded up
    "1920, 1080, 1316, 728", // 1932x1092 is too much: beta = 1.4375
    "1080, 1920, 728, 1316",
    "4000, 3000, 1148, 840",
    "10, 10, 56, 56", // 28x28 is too little: beta = 5.6
    "40, 12, 112, 56", // 28x28: beta = 2.556
    "3000, 5, 2996, 28",
    "1, 1, 56, 56"
  })
  void followsTheProcessor(int width, int height, int expectedWidth, int expectedHeight) {
    var rule = new SmartResize(28, 4 * 784, 1280 * 784);
    assertEquals(new PixelSize(expectedWidth, expectedHeight), rule.choose(width, height));
  }

  /// The processor's rule in double, with Python's rounding of halves to even.
  private static PixelSize processor(int align, int min, int max, int width, int height) {
    double alignedWidth = Math.max(align, Math.rint((double) width / align) * align);
    double alignedHeight = Math.max(align, Math.rint((double) height / align) * align);
    if (alignedWidth * alignedHeight > max) {
      double beta = Math.sqrt((double) height * width / max);
      alignedWidth = Math.max(align, Math.floor(width / beta / align) * align);
      alignedHeight = Math.max(align, Math.floor(height / beta / align) * align);
    } else if (alignedWidth * alignedHeight < min) {
      double beta = Math.sqrt(min / ((double) height * width));
      alignedWidth = Math.ceil(width * beta / align) * align;
      alignedHeight = Math.ceil(height * beta / align) * align;
    }
    return new PixelSize((int) alignedWidth, (int) alignedHeight);
  }

  @Test
  void differsFromTheProcessorOnBordersOnly() {
    Random random = Seeds.random("smart resize");
    int differing = 0;
    for (int i = 0; i < 20_000; i++) {
      int align = 2 * (4 + random.nextInt(12));
      int min = (1 + random.nextInt(64)) * align * align;
      int max = min + random.nextInt(2048) * align * align;
      int width = 1 + random.nextInt(3000);
      int height = 1 + random.nextInt(3000);
      PixelSize expected = processor(align, min, max, width, height);
      PixelSize got = new SmartResize(align, min, max).choose(width, height);
      boolean isHalf = width % align * 2 == align || height % align * 2 == align;
      differing += got.equals(expected) || isHalf ? 0 : 1;
      assertTrue(
          isHalf // rounded to even there, up here
              || Math.abs(got.width() - expected.width()) <= align
                  && Math.abs(got.height() - expected.height()) <= align,
          "%dx%d: %s, processor %s".formatted(width, height, got, expected));
    }
    assertTrue(differing < 20, differing + " of 20000 differ");
  }

  @Test
  void sidesAreAlwaysWholeSquares() {
    Random random = Seeds.random("smart resize sides");
    for (int i = 0; i < 5_000; i++) {
      int width = 1 + random.nextInt(16_384);
      int height = 1 + random.nextInt(16_384);
      var rule = new SmartResize(28, 8 * 784, 4096 * 784);
      PixelSize size = rule.choose(width, height);
      assertEquals(0, size.width() % 28 + size.height() % 28);
      long pixels = (long) size.width() * size.height();
      assertTrue(
          pixels >= 8 * 784 && pixels <= 4096 * 784, "%dx%d: %s".formatted(width, height, size));
    }
  }
}
