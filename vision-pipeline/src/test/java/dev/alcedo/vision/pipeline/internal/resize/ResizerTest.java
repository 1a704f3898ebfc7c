// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.resize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.vision.pipeline.internal.TestPictures;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bit for bit what Pillow gives: `resize-cases.tsv` holds checksums of its results.
class ResizerTest {
  record Case(Filter filter, int width, int height, int toWidth, int toHeight, long crc) {}

  static List<Case> cases() {
    try (InputStream in =
        Objects.requireNonNull(ResizerTest.class.getResourceAsStream("resize-cases.tsv"))) {
      List<Case> cases =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.split("\t"))
              .map(f ->
                  new Case(
                      Filter.valueOf(f[0]),
                      Integer.parseInt(f[1]),
                      Integer.parseInt(f[2]),
                      Integer.parseInt(f[3]),
                      Integer.parseInt(f[4]),
                      Long.parseLong(f[5])))
              .toList();
      assertTrue(cases.size() > 50);
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPillowToTheBit(Case c) {
    Bitmap resized =
        Resizer.resize(
            TestPictures.noise(c.width(), c.height()), c.toWidth(), c.toHeight(), c.filter());
    var crc = new CRC32();
    crc.update(resized.rgb());
    assertEquals(c.crc(), crc.getValue());
  }

  @Test
  void sameSizeIsTheSamePicture() {
    Bitmap source = TestPictures.noise(5, 4);
    assertSame(source, Resizer.resize(source, 5, 4, Filter.BICUBIC));
  }

  @Test
  void refusesEmptySizes() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Resizer.resize(TestPictures.noise(2, 2), 0, 2, Filter.BICUBIC));
  }
}
