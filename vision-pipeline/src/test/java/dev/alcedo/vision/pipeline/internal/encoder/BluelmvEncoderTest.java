// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.Encoding;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tile.TileCutter;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Toy models with random weights, run on the scalar backend and compared with plain loops.
class BluelmvEncoderTest {
  /// Float against double over two blocks of width 32; values are around 1.
  private static final double TOLERANCE = 1e-4;

  private static final int[] PAD = {127, 127, 127};

  @TempDir Path folder;

  @Test
  void agreesWithPlainLoops() {
    agreesWithPlainLoops(ToyMmproj.small(DType.F32));
  }

  @Test
  void agreesWithPlainLoopsOnAnOddGrid() {
    agreesWithPlainLoops(ToyMmproj.oddGrid(DType.F32));
  }

  @Test
  void leavesPixelsBeyondTheLastPatchUnused() {
    agreesWithPlainLoops(new ToyMmproj(DType.F32, 64, 29, 8, 32, 2, 2, 64, 3, 3, 3));
  }

  private void agreesWithPlainLoops(ToyMmproj toy) {
    Bitmap picture = TestPictures.noise(toy.imageSize() * 3, toy.imageSize() * 2 - 5);
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS)) {
      ImageTokens tokens =
          encoder.encode(TestPictures.png(picture), EncodeListener.NONE, new Cancellation());
      assertEquals("3:2", tokens.report().gridCols() + ":" + tokens.report().gridRows());
      List<Bitmap> tiles =
          new TileCutter(toy.imageSize(), PAD).cut(picture, TileLayout.of(new TileGrid(3, 2)));
      assertEquals(7 * toy.tokensPerTile(), tokens.embeddings().shape().dim(0));
      float[] got = tokens.embeddings().toFloats();
      var reference = new ReferenceEncoder(file, toy);
      int at = 0;
      for (Bitmap tile : tiles) {
        for (double[] expected : reference.encode(tile)) {
          for (double value : expected) {
            assertEquals(value, got[at++], TOLERANCE, "element " + at);
          }
        }
      }
      assertEquals(got.length, at);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 64})
  void batchesOfTilesDoNotMatter(int batchMax) {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(96, 90));
    try (ModelFile file = open(toy);
        Encoder inFours = encoder(file, toy, ImageOptions.DEFAULTS);
        Encoder other = encoder(file, toy, ImageOptions.DEFAULTS.tileBatchMax(batchMax))) {
      assertArrayEquals(
          inFours.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats(),
          other.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats());
    }
  }

  /// Hears of one picture of several.
  private static final class Heard implements Encoding.Result {
    private final List<String> progress = new ArrayList<>();
    private ImageTokens tokens;
    private Throwable failure;

    @Override
    public void report(String step, long done, long total) {
      progress.add(done + "/" + total);
    }

    @Override
    public void encoded(ImageTokens result) {
      tokens = result;
    }

    @Override
    public void failed(Throwable cause) {
      failure = cause;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 64})
  void picturesShareBatchesAndStayWhatTheyAre(int batchMax) {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    List<byte[]> images =
        List.of(
            TestPictures.png(TestPictures.noise(32, 32)),
            TestPictures.png(TestPictures.noise(96, 90)),
            new byte[] {1, 2, 3},
            TestPictures.png(TestPictures.noise(64, 33)),
            TestPictures.png(TestPictures.noise(30, 31)));
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS.tileBatchMax(batchMax))) {
      List<Heard> heard = images.stream().map(_ -> new Heard()).toList();
      var encodings = new ArrayList<Encoding>();
      for (int i = 0; i < images.size(); i++) {
        encodings.add(new Encoding(images.get(i), heard.get(i), new Cancellation()));
      }
      encodings.getLast().cancellation().cancel();
      encoder.encodeAll(encodings);
      for (int i : new int[] {0, 1, 3}) {
        ImageTokens alone = encoder.encode(images.get(i), EncodeListener.NONE, new Cancellation());
        assertArrayEquals(
            alone.embeddings().toFloats(), heard.get(i).tokens.embeddings().toFloats());
        assertEquals(alone.parts(), heard.get(i).tokens.parts());
        int tiles = alone.report().tileCount();
        assertEquals("0/" + tiles, heard.get(i).progress.getFirst());
        assertEquals(tiles + "/" + tiles, heard.get(i).progress.getLast());
      }
      assertTrue(heard.get(2).failure instanceof InvalidRequestException);
      assertTrue(heard.get(4).failure instanceof CancelledException);
      if (batchMax == 4) {
        // 1 + 10 tiles in batches of 4: the first batch has one of the first picture, three of the
        // next.
        assertEquals(List.of("0/10", "3/10", "7/10", "10/10"), heard.get(1).progress);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "Q8_0"})
  void otherDtypesComeClose(DType dtype) {
    byte[] image = TestPictures.png(TestPictures.noise(40, 32));
    float[] exact = encode(ToyMmproj.small(DType.F32), image);
    float[] got = encode(ToyMmproj.small(dtype), image);
    double error = 0;
    double power = 0;
    for (int i = 0; i < exact.length; i++) {
      error += (got[i] - exact[i]) * (got[i] - exact[i]);
      power += exact[i] * exact[i];
    }
    // 8 bits of a weight leave about 0.3 % of noise in each product, which adds up over layers.
    assertTrue(error / power < 1e-3, "relative error " + error / power);
    assertTrue(error > 0, "the dtype made no difference");
  }

  @Test
  void markersSurroundTheTokens() {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(64, 32));
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS)) {
      ImageTokens tokens = encoder.encode(image, EncodeListener.NONE, new Cancellation());
      assertEquals(
          List.of(
              new ImageTokens.Part.Marker(
                  file.metadata().string("clip.vision.bluelmv.image_begin")),
              new ImageTokens.Part.Span(0, 12),
              new ImageTokens.Part.Marker(file.metadata().string("clip.vision.bluelmv.image_end"))),
          tokens.parts());
    }
    try (var file =
            new EditedFile(open(toy))
                .without("clip.vision.bluelmv.image_begin")
                .without("clip.vision.bluelmv.image_end");
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS)) {
      assertEquals(
          List.of(new ImageTokens.Part.Span(0, 12)),
          encoder.encode(image, EncodeListener.NONE, new Cancellation()).parts());
    }
  }

  @Test
  void inspectForetellsWhatEncodingGives() {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(96, 90));
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS)) {
      ImageReport foretold = encoder.inspect(image);
      ImageReport report = encoder.encode(image, EncodeListener.NONE, new Cancellation()).report();
      assertEquals(report.tokenCount(), foretold.tokenCount());
      assertEquals(report.tileCount(), foretold.tileCount());
      assertEquals(10, foretold.tileCount());
      assertEquals(96, foretold.width());
      assertTrue(foretold.encodeTime().isZero() && !report.encodeTime().isZero());
      assertEquals(
          "bluelmv: tower 32 x 2 blocks, tiles of 32, 2x2 downsampler and two-layer MLP, 4 tokens a tile",
          encoder.describe());
    }
  }

  @Test
  void optionsTurnTilingOffOrLimitTheGrid() {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(96, 90));
    try (ModelFile file = open(toy);
        Encoder untiled = encoder(file, toy, ImageOptions.DEFAULTS.tiled(false));
        Encoder limited = encoder(file, toy, ImageOptions.DEFAULTS.gridSideMax(2))) {
      assertEquals(1, untiled.inspect(image).tileCount());
      assertEquals(5, limited.inspect(image).tileCount());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Tokens allowed, tiles of the best grid within them, overview included; 4 tokens a tile.
    "0, 10",
    "40, 10",
    "39, 7",
    "28, 7",
    "27, 5",
    "20, 5",
    "19, 3",
    "12, 3",
    "11, 1",
    "4, 1"
  })
  void takesTheBestGridWithinTheImageTokens(int tokensMax, int tileCount) {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(96, 90));
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS.tokensMax(tokensMax))) {
      ImageReport report = encoder.inspect(image);
      assertEquals(tileCount, report.tileCount());
      assertEquals(4 * tileCount, report.tokenCount());
      ImageTokens tokens = encoder.encode(image, EncodeListener.NONE, new Cancellation());
      assertEquals(4 * tileCount, tokens.embeddings().shape().dim(0));
    }
  }

  @Test
  void refusesPicturesWhoseSmallestGridHasTooManyImageTokens() {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(96, 90));
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS.tokensMax(3))) {
      for (Executable work :
          List.<Executable>of(
              () -> encoder.inspect(image),
              () -> encoder.encode(image, EncodeListener.NONE, new Cancellation()))) {
        assertEquals(
            "image of 96x90 pixels: its grid of 1:1 gives 4 image tokens, at most 3 are allowed:"
                + " raise --image-max-tokens or give a smaller picture",
            assertThrows(InvalidRequestException.class, work).getMessage());
      }
    }
  }

  @Test
  void reportsProgressAndStopsBetweenBatches() {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    byte[] image = TestPictures.png(TestPictures.noise(96, 90));
    var seen = new ArrayList<String>();
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS)) {
      encoder.encode(
          image,
          (step, done, total) -> seen.add(step + " " + done + "/" + total),
          new Cancellation());
      assertEquals(List.of("image 0/10", "image 4/10", "image 8/10", "image 10/10"), seen);
      var cancellation = new Cancellation();
      EncodeListener cancelAtFour =
          (step, done, total) -> {
            if (done == 4) {
              cancellation.cancel();
            }
            assertTrue(done <= 4, "went on to " + done);
          };
      assertThrows(
          CancelledException.class, () -> encoder.encode(image, cancelAtFour, cancellation));
      // Still usable.
      encoder.encode(image, EncodeListener.NONE, new Cancellation());
    }
  }

  @Test
  void closesOnce() {
    ToyMmproj toy = ToyMmproj.small(DType.F32);
    try (ModelFile file = open(toy)) {
      Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS);
      encoder.close();
      encoder.close();
      byte[] image = TestPictures.png(TestPictures.noise(4, 4));
      assertThrows(
          IllegalStateException.class,
          () -> encoder.encode(image, EncodeListener.NONE, new Cancellation()));
    }
  }

  private float[] encode(ToyMmproj toy, byte[] image) {
    try (ModelFile file = open(toy);
        Encoder encoder = encoder(file, toy, ImageOptions.DEFAULTS)) {
      return encoder.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats();
    }
  }

  private ModelFile open(ToyMmproj toy) {
    return GgufFile.open(toy.writeTo(folder.resolve("toy-%s.gguf".formatted(toy.matrices()))));
  }

  private static Encoder encoder(ModelFile file, ToyMmproj toy, ImageOptions options) {
    return new BluelmvEncoderProvider().open(new TestContext(file, toy.projectionDim(), options));
  }
}
