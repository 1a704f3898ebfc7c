// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.vision.pipeline.internal.TestPictures;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tiles bit for bit as Pillow cuts them: `tile-cases.tsv` holds checksums.
class TileCutterTest {
  private static final int[] PAD = {127, 120, 3};

  record Case(int width, int height, int tileSize, TileGrid grid, String crcs) {}

  static List<Case> cases() {
    try (InputStream in =
        Objects.requireNonNull(TileCutterTest.class.getResourceAsStream("tile-cases.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .map(f ->
              new Case(
                  Integer.parseInt(f[0]),
                  Integer.parseInt(f[1]),
                  Integer.parseInt(f[2]),
                  grid(f[3]),
                  f[4]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TileGrid grid(String text) {
    String[] sides = text.split(":");
    return new TileGrid(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cutsAsPillowDoes(Case c) {
    var layout = TileLayout.of(c.grid());
    List<Bitmap> tiles =
        new TileCutter(c.tileSize(), PAD).cut(TestPictures.noise(c.width(), c.height()), layout);
    assertEquals(layout.tileCount(), tiles.size());
    assertEquals(
        c.crcs(), tiles.stream().map(TileCutterTest::crc).collect(Collectors.joining(",")));
  }

  @Test
  void aSingleTileHasNoOverview() {
    assertEquals(1, TileLayout.of(TileGrid.SINGLE).tileCount());
    assertEquals(3, TileLayout.of(new TileGrid(1, 2)).tileCount());
  }

  @Test
  void normalisesChannelByChannel() {
    var bitmap = new Bitmap(2, 1, new byte[] {0, (byte) 255, 51, (byte) 255, 0, 102});
    var values = new float[7];
    new PixelNorm(new float[] {0.5f, 0, 0.2f}, new float[] {0.5f, 1, 2})
        .write(bitmap, MemorySegment.ofArray(values), Float.BYTES);
    assertArrayEquals(new float[] {0, -1, 1, 1, 0, 0, 0.1f}, values, 1e-6f);
  }

  private static String crc(Bitmap tile) {
    var crc = new CRC32();
    crc.update(tile.rgb());
    return Long.toString(crc.getValue());
  }
}
