// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Against what Pillow makes of the same files.
class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder(ImageOptions.DEFAULTS);

  static List<DecodeCase> cases() {
    return DecodeCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodesAsPillowDoes(DecodeCase expected) {
    Bitmap bitmap = decoder.decode(expected.image());
    assertEquals(expected.width(), bitmap.width());
    assertEquals(expected.height(), bitmap.height());
    if (expected.tolerance() == 0) {
      assertArrayEquals(expected.expectedRgb(), bitmap.rgb());
      return;
    }
    int worst = 0;
    for (int i = 0; i < bitmap.rgb().length; i++) {
      int difference = (bitmap.rgb()[i] & 255) - (expected.expectedRgb()[i] & 255);
      worst = Math.max(worst, Math.abs(difference));
    }
    assertTrue(
        worst <= expected.tolerance(),
        "largest difference: expected at most %d, got %d".formatted(expected.tolerance(), worst));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void headerTellsTheUprightSize(DecodeCase expected) {
    ImageHeader header = decoder.inspect(expected.image());
    assertEquals(expected.width(), header.uprightWidth());
    assertEquals(expected.height(), header.uprightHeight());
  }

  @Test
  void coversEveryFormat() {
    for (ImageFormat format : ImageFormat.values()) {
      assertTrue(
          cases().stream().anyMatch(c -> ImageFormat.of(c.image()).orElseThrow() == format),
          format + " has no case");
    }
  }
}
