// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.ImageTokens.Part;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.testkit.ToyClip;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Grids, tiles and prompt layouts of the models that llama.cpp runs. `clip-tile-cases.tsv` holds
/// what Pillow cuts by the same rules.
class ClipTilePlanTest {
  private static final String AROUND = "<fake_token_around_image>";

  @TempDir Path folder;
  private ModelFile file;

  record Case(
      String model, int width, int height, int tileSize, String option, String grid, String crcs) {}

  static List<Case> cases() {
    try (InputStream in =
        Objects.requireNonNull(ClipTilePlanTest.class.getResourceAsStream("clip-tile-cases.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .map(f ->
              new Case(
                  f[0],
                  Integer.parseInt(f[1]),
                  Integer.parseInt(f[2]),
                  Integer.parseInt(f[3]),
                  f[4],
                  f[5],
                  f[6]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    if (file != null) {
      file.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cutsAsPillowDoes(Case c) {
    TilePlan plan = plan(c.model(), c.tileSize(), c.option(), ImageOptions.DEFAULTS);
    TileLayout layout = plan.layout(c.width(), c.height());
    assertEquals(c.grid(), layout.hasOverview() ? layout.grid().toString() : "-");
    List<Bitmap> tiles = plan.cut(TestPictures.noise(c.width(), c.height()), layout);
    assertEquals(layout.tileCount(), tiles.size());
    String crcs = tiles.stream().map(ClipTilePlanTest::crc).collect(Collectors.joining(","));
    assertEquals(c.crcs(), crcs);
  }

  /// Worked by hand. LLaVA 1.6 lists 336:672, 672:336, 672:672, 1008:336 and 336:1008 pixels. 800 x
  /// 600 fills 672 x 504 of the square, more than any other shows; 300 x 900 fits into one column
  /// of three almost whole. InternVL's limit of 12 tiles of 448 pixels: 800 x 600 is shown whole by
  /// 896 x 896 already, and less is wasted than by any larger grid. SmolVLM enlarges 800 x 600 to
  /// 2048 x 1536: four tiles of 512 across, three down.
  @ParameterizedTest
  @CsvSource({
    "llava16, 336, 1:2;2:1;2:2;3:1;1:3, 800, 600, 2:2",
    "llava16, 336, 1:2;2:1;2:2;3:1;1:3, 300, 900, 1:3",
    "llava16, 336, 1:2;2:1;2:2;3:1;1:3, 337, 20, 2:1",
    "llava16, 336, 1:2;2:1;2:2;3:1;1:3, 336, 336, -",
    "internvl, 448, 12, 800, 600, 2:2",
    "internvl, 448, 12, 448, 448, -",
    "internvl, 448, 12, 449, 100, 2:1",
    "internvl, 448, 12, 4000, 300, 9:1",
    "idefics3, 512, 2048, 800, 600, 4:3",
    "idefics3, 512, 2048, 100, 100, 4:4",
    "idefics3, 512, 2048, 1, 3000, 1:4",
  })
  void picksGrids(
      String model, int tileSize, String option, int width, int height, String expected) {
    TileLayout layout = plan(model, tileSize, option, ImageOptions.DEFAULTS).layout(width, height);
    assertEquals(expected, layout.hasOverview() ? layout.grid().toString() : "-");
  }

  @Test
  void idefics3NamesEachTileAndBreaksRows() {
    TilePlan plan = plan("idefics3", 32, "64", ImageOptions.DEFAULTS);
    List<Part> parts = plan.parts(new TileLayout(new TileGrid(2, 2), true), 4);
    assertEquals(
        List.of(
            new Part.Marker(AROUND + "<row_1_col_1>"),
            new Part.Span(0, 4),
            new Part.Marker(AROUND + "<row_1_col_2>"),
            new Part.Span(4, 4),
            new Part.Piece("\n"),
            new Part.Marker(AROUND + "<row_2_col_1>"),
            new Part.Span(8, 4),
            new Part.Marker(AROUND + "<row_2_col_2>"),
            new Part.Span(12, 4),
            new Part.Piece("\n\n"),
            new Part.Piece(AROUND),
            new Part.Piece("<global-img>"),
            new Part.Span(16, 4),
            new Part.Piece(AROUND)),
        parts);
    List<Part> alone = plan.parts(new TileLayout(TileGrid.SINGLE, false), 4);
    assertEquals(parts.subList(9, 12), alone.subList(0, 3));
    assertEquals(new Part.Span(0, 4), alone.get(3));
  }

  @Test
  void theOthersHaveOneRunBetweenTheirMarkers() {
    var layout = new TileLayout(new TileGrid(3, 1), true);
    assertEquals(
        List.of(new Part.Marker("<img>"), new Part.Span(0, 36), new Part.Marker("</img>")),
        plan("internvl", 32, "6", ImageOptions.DEFAULTS).parts(layout, 9));
    assertEquals(
        List.of(new Part.Span(0, 36)),
        plan("llava16", 32, "3:1", ImageOptions.DEFAULTS).parts(layout, 9));
    var single = new TileLayout(TileGrid.SINGLE, false);
    assertEquals(
        List.of(
            new Part.Marker("<start_of_image>"),
            new Part.Span(0, 9, 0, true),
            new Part.Marker("<end_of_image>")),
        plan("gemma3", 32, "-", ImageOptions.DEFAULTS).parts(single, 9));
    assertEquals(
        List.of(new Part.Span(0, 9)),
        plan("llava", 32, "-", ImageOptions.DEFAULTS).parts(single, 9));
  }

  @ParameterizedTest
  @CsvSource({"llava16, 1:2;2:1;2:2;3:1;1:3", "internvl, 6", "idefics3, 128"})
  void optionsLimitTheGridOrTurnItOff(String model, String option) {
    ImageOptions defaults = ImageOptions.DEFAULTS;
    TileLayout off = plan(model, 32, option, defaults.tiled(false)).layout(200, 190);
    assertEquals(1, off.tileCount());
    file.close();
    TileLayout limited = plan(model, 32, option, sideMax(2)).layout(200, 60);
    assertTrue(limited.grid().cols() <= 2 && limited.grid().rows() <= 2, limited.toString());
    assertTrue(limited.hasOverview() && limited.grid().tileCount() > 1, limited.toString());
    file.close();
    TileLayout one = plan(model, 32, option, sideMax(1)).layout(200, 60);
    assertEquals(TileGrid.SINGLE, one.grid());
  }

  /// The plan that the provider makes of a toy file with other keys.
  private TilePlan plan(String model, int tileSize, String option, ImageOptions options) {
    String projector = model.startsWith("llava") ? "mlp" : model;
    file = GgufFile.open(ToyClip.of(projector).writeTo(folder.resolve(model + ".gguf")));
    var edited = new EditedFile(file).with("clip.vision.image_size", (Object) (long) tileSize);
    switch (model) {
      case "idefics3" ->
          edited.with("clip.vision.preproc_image_size", (Object) Long.parseLong(option));
      case "internvl" ->
          edited.with("clip.vision.preproc_max_tiles", (Object) Long.parseLong(option));
      case "llava16" ->
          edited.with(
              "clip.vision.image_grid_pinpoints",
              (Object)
                  Arrays.stream(option.split("[:;]"))
                      .mapToLong(side -> Long.parseLong(side) * tileSize)
                      .toArray());
      default -> {}
    }
    TileEncoderProvider provider = ClipEncoderTest.provider(projector);
    var context = new TestContext(edited, ToyClip.PROJECTION_DIM, options);
    return provider.plan(context, TowerConfig.of(edited.metadata()), 1000);
  }

  private static ImageOptions sideMax(int gridSideMax) {
    return ImageOptions.DEFAULTS.gridSideMax(gridSideMax);
  }

  private static String crc(Bitmap tile) {
    var crc = new CRC32();
    crc.update(tile.rgb());
    return Long.toString(crc.getValue());
  }
}
