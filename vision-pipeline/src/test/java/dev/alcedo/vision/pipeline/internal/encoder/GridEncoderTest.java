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
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.ImageTokens.Part.Marker;
import dev.alcedo.runtime.api.spi.ImageTokens.Part.Piece;
import dev.alcedo.runtime.api.spi.ImageTokens.Part.Span;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.TestGguf;
import dev.alcedo.testkit.ToyQwenMmproj;
import dev.alcedo.testkit.ToyResamplerMmproj;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Toy models with random weights, run on the scalar backend and compared with plain loops.
class GridEncoderTest {
  /// Float against double over a few blocks of width 32; values are around 1.
  private static final double TOLERANCE = 2e-4;

  private static final EncoderProvider QWEN2 = new Qwen2VlEncoderProvider();
  private static final EncoderProvider QWEN25 = new Qwen25VlEncoderProvider();
  private static final EncoderProvider MINICPMV = new ResamplerEncoderProvider();

  @TempDir Path folder;

  // Sizes that need no resizing, so that the reference sees the same pixels.
  @ParameterizedTest
  @CsvSource({"32, 16", "8, 64", "40, 40", "24, 72"})
  void qwen2AgreesWithPlainLoops(int width, int height) {
    ToyQwenMmproj toy = ToyQwenMmproj.plain();
    Bitmap picture = TestPictures.noise(width, height);
    try (ModelFile file = open(toy.gguf());
        Encoder encoder = encoder(QWEN2, file, 64)) {
      ImageTokens tokens = encode(encoder, picture);
      assertClose(new QwenReference(file, toy).encode(picture), tokens);
      assertEquals(
          List.of(
              new Marker("<|vision_start|>"),
              new Span(0, width / 8 * (height / 8), width / 8, false),
              new Marker("<|vision_end|>")),
          tokens.parts());
    }
  }

  // 56 pixels a token: 3x4, 5x3 and 8x1 tokens in windows of 2x2.
  @ParameterizedTest
  @CsvSource({"168, 224", "280, 168", "448, 56"})
  void qwen25AgreesWithPlainLoops(int width, int height) {
    ToyQwenMmproj toy = ToyQwenMmproj.gated();
    Bitmap picture = TestPictures.noise(width, height);
    try (ModelFile file = open(toy.gguf());
        Encoder encoder = encoder(QWEN25, file, 64)) {
      ImageTokens tokens = encode(encoder, picture);
      assertClose(new QwenReference(file, toy).encode(picture), tokens);
      assertEquals(
          new Span(0, width / 56 * (height / 56), width / 56, false), tokens.parts().get(1));
    }
  }

  @Test
  void miniCpmVAgreesWithPlainLoops() {
    ToyResamplerMmproj toy = ToyResamplerMmproj.small();
    Bitmap picture = TestPictures.noise(96, 40);
    try (ModelFile file = open(toy.gguf());
        Encoder encoder = encoder(MINICPMV, file, 128)) {
      ImageTokens tokens = encode(encoder, picture);
      var plan =
          (MiniCpmVPlan) new ResamplerEncoderProvider().plan(context(file, 128), config(file));
      List<Bitmap> tiles = plan.cut(picture, plan.layout(96, 40));
      assertEquals(4, tiles.size(), "the whole and 3x1 tiles");
      var reference = new MiniCpmVReference(file, toy);
      var expected = new ArrayList<double[]>();
      tiles.forEach(tile -> expected.addAll(List.of(reference.encode(tile))));
      assertClose(expected.toArray(double[][]::new), tokens);
    }
  }

  @Test
  void miniCpmVReadsTablesOfOtherTypes() {
    ToyResamplerMmproj exact = ToyResamplerMmproj.small();
    var half = new ToyResamplerMmproj(3, DType.F16, 128, 32, 8, 32, 5, 1);
    Bitmap picture = TestPictures.noise(32, 32);
    float[] expected = encode(MINICPMV, exact.gguf(), picture, 128).embeddings().toFloats();
    float[] got = encode(MINICPMV, half.gguf(), picture, 128).embeddings().toFloats();
    assertArrayEquals(expected, got, 0.02f);
    assertTrue(!Arrays.equals(expected, got), "the dtype made no difference");
  }

  @Test
  void markersOfMiniCpmV() {
    Bitmap large = TestPictures.noise(64, 64);
    assertEquals(
        List.of(
            new Piece("<image>"),
            new Span(0, 5),
            new Piece("</image>"),
            new Piece("<slice>"),
            new Span(5, 5),
            new Piece("</slice>"),
            new Piece("<slice>"),
            new Span(10, 5),
            new Piece("</slice>"),
            new Piece("\n"),
            new Piece("<slice>"),
            new Span(15, 5),
            new Piece("</slice>"),
            new Piece("<slice>"),
            new Span(20, 5),
            new Piece("</slice>")),
        encode(MINICPMV, ToyResamplerMmproj.small().gguf(), large, 128).parts());
    var old = new ToyResamplerMmproj(2, DType.F32, 128, 32, 8, 32, 5, 1);
    assertEquals(
        List.of(
            new Piece("<image>"),
            new Span(0, 5),
            new Piece("</image>"),
            new Piece("<slice>"),
            new Piece("<image>"),
            new Span(5, 5),
            new Piece("</image>"),
            new Piece("<image>"),
            new Span(10, 5),
            new Piece("</image>"),
            new Piece("\n"),
            new Piece("<image>"),
            new Span(15, 5),
            new Piece("</image>"),
            new Piece("<image>"),
            new Span(20, 5),
            new Piece("</image>"),
            new Piece("</slice>")),
        encode(MINICPMV, old.gguf(), large, 128).parts());
    assertEquals(
        List.of(new Piece("<image>"), new Span(0, 5), new Piece("</image>")),
        encode(MINICPMV, old.gguf(), TestPictures.noise(32, 7), 128).parts());
  }

  @Test
  void refusesPicturesOfTooManyImageTokens() {
    byte[] image = TestPictures.png(TestPictures.noise(96, 96));
    ImageOptions d = ImageOptions.DEFAULTS;
    try (ModelFile file = open(ToyResamplerMmproj.small().gguf());
        Encoder free = encoder(MINICPMV, file, 128)) {
      int tokens = free.inspect(image).tokenCount();
      try (Encoder exact = MINICPMV.open(new TestContext(file, 128, d.tokensMax(tokens)));
          Encoder tight = MINICPMV.open(new TestContext(file, 128, d.tokensMax(tokens - 1)))) {
        assertEquals(tokens, exact.inspect(image).tokenCount());
        String message =
            assertThrows(InvalidRequestException.class, () -> tight.inspect(image)).getMessage();
        assertTrue(message.contains("at most %d are allowed".formatted(tokens - 1)), message);
      }
    }
  }

  @Test
  void optionsTurnTilingOffOrLimitTheGrid() {
    byte[] image = TestPictures.png(TestPictures.noise(96, 96));
    ImageOptions d = ImageOptions.DEFAULTS;
    ImageOptions limited = d.gridSideMax(2);
    try (ModelFile file = open(ToyResamplerMmproj.small().gguf());
        Encoder tiled = encoder(MINICPMV, file, 128);
        Encoder untiled = MINICPMV.open(new TestContext(file, 128, d.tiled(false)));
        Encoder inTwos = MINICPMV.open(new TestContext(file, 128, limited))) {
      assertEquals(10, tiled.inspect(image).tileCount());
      assertEquals(1, untiled.inspect(image).tileCount());
      assertEquals(1, inTwos.inspect(image).gridCols());
      assertEquals(1, inTwos.inspect(image).gridRows());
    }
  }

  @Test
  void inspectForetellsWhatEncodingGives() {
    Bitmap picture = TestPictures.noise(96, 70);
    byte[] image = TestPictures.png(picture);
    try (ModelFile file = open(ToyResamplerMmproj.small().gguf());
        Encoder encoder = encoder(MINICPMV, file, 128)) {
      ImageReport foretold = encoder.inspect(image);
      ImageReport report = encode(encoder, picture).report();
      assertEquals(report.tokenCount(), foretold.tokenCount());
      assertEquals(report.tileCount(), foretold.tileCount());
      assertEquals(report.gridCols(), foretold.gridCols());
      assertTrue(foretold.hasOverview());
      assertEquals(
          "resampler: tower 32 x 2 blocks, tiles of 32x32 pixels in area, at most 9, resampler, 5 tokens a tile",
          encoder.describe());
    }
    try (ModelFile file = open(ToyQwenMmproj.gated().gguf());
        Encoder encoder = encoder(QWEN25, file, 64)) {
      assertEquals(9, encoder.inspect(TestPictures.png(TestPictures.noise(1, 1))).tokenCount());
      assertEquals(
          "qwen2.5vl_merger: tower 32 x 3 blocks, pictures of 25088 to 12845056 pixels, 2x2 patch merger, 2 of 3 blocks in windows of 2x2 tokens",
          encoder.describe());
    }
  }

  @Test
  void picturesOfOtherSizesDoNotDisturbEachOther() {
    Bitmap first = TestPictures.noise(32, 32);
    try (ModelFile file = open(ToyQwenMmproj.plain().gguf());
        Encoder encoder = encoder(QWEN2, file, 64)) {
      float[] alone = encode(encoder, first).embeddings().toFloats();
      for (int width = 40; width < 120; width += 8) {
        encode(encoder, TestPictures.noise(width, 32));
      }
      encode(encoder, TestPictures.noise(16, 64)); // as many patches
      assertArrayEquals(alone, encode(encoder, first).embeddings().toFloats());
    }
  }

  @Test
  void stopsBetweenTilesAndGoesOn() {
    byte[] image = TestPictures.png(TestPictures.noise(96, 96));
    var seen = new ArrayList<String>();
    try (ModelFile file = open(ToyResamplerMmproj.small().gguf());
        Encoder encoder = encoder(MINICPMV, file, 128)) {
      var cancellation = new Cancellation();
      EncodeListener cancelAtFour =
          (step, done, total) -> {
            seen.add(step + " " + done + "/" + total);
            if (done == 4) {
              cancellation.cancel();
            }
          };
      assertThrows(
          CancelledException.class, () -> encoder.encode(image, cancelAtFour, cancellation));
      assertEquals(5, seen.size(), seen.toString());
      assertEquals("image 4/10", seen.getLast());
      encoder.encode(image, EncodeListener.NONE, new Cancellation());
    }
  }

  @Test
  void closesOnce() {
    byte[] image = TestPictures.png(TestPictures.noise(4, 4));
    try (ModelFile file = open(ToyResamplerMmproj.small().gguf())) {
      Encoder encoder = encoder(MINICPMV, file, 128);
      encoder.close();
      encoder.close();
      assertThrows(
          IllegalStateException.class,
          () -> encoder.encode(image, EncodeListener.NONE, new Cancellation()));
    }
  }

  private static void assertClose(double[][] expected, ImageTokens tokens) {
    float[] got = tokens.embeddings().toFloats();
    int cols = expected[0].length;
    assertEquals(expected.length * cols, got.length);
    for (int i = 0; i < got.length; i++) {
      assertEquals(
          expected[i / cols][i % cols],
          got[i],
          TOLERANCE,
          "token %d, column %d".formatted(i / cols, i % cols));
    }
  }

  private ImageTokens encode(
      EncoderProvider provider, TestGguf gguf, Bitmap picture, int embeddingLength) {
    try (ModelFile file = open(gguf);
        Encoder encoder = encoder(provider, file, embeddingLength)) {
      return encode(encoder, picture);
    }
  }

  private static ImageTokens encode(Encoder encoder, Bitmap picture) {
    return encoder.encode(TestPictures.png(picture), EncodeListener.NONE, new Cancellation());
  }

  private int fileCount;

  private ModelFile open(TestGguf gguf) {
    return GgufFile.open(
        gguf.write().writeTo(folder.resolve("toy-%d.gguf".formatted(fileCount++))));
  }

  private static Encoder encoder(EncoderProvider provider, ModelFile file, int embeddingLength) {
    return provider.open(context(file, embeddingLength));
  }

  private static TestContext context(ModelFile file, int embeddingLength) {
    return new TestContext(file, embeddingLength, ImageOptions.DEFAULTS);
  }

  private static TowerConfig config(ModelFile file) {
    return TowerConfig.of(file.metadata());
  }
}
