// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.ToyClip;
import dev.alcedo.testkit.ToyClip.Trait;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Toy models of the kinds that llama.cpp runs, on the scalar backend, against plain loops.
class ClipEncoderTest {
  /// Float against double over two blocks of width 32; values are around 1.
  private static final double TOLERANCE = 2e-4;

  @TempDir Path folder;

  static Stream<ToyClip> towers() {
    return Stream.of(
        ToyClip.of("mlp"),
        ToyClip.of("mlp").with(Trait.POST_NORM, Trait.PATCH_BIAS),
        ToyClip.of("mlp").with(Trait.CLASS, Trait.POST_NORM, Trait.SWAPPED),
        ToyClip.of("mlp").with(Trait.CLASS, Trait.YI),
        ToyClip.of("idefics3"),
        ToyClip.of("idefics3").with(Trait.POST_NORM, Trait.SWAPPED, Trait.QUICK),
        ToyClip.of("internvl"),
        ToyClip.of("internvl").with(Trait.CLASS, Trait.LAYER_SCALE, Trait.FUSED_QKV),
        ToyClip.of("internvl").with(Trait.CLASS, Trait.QK_NORM, Trait.POST_NORM),
        ToyClip.of("gemma3"),
        ToyClip.of("gemma3").with(Trait.POST_NORM, Trait.FUSED_QKV, Trait.LAYER_SCALE));
  }

  @ParameterizedTest
  @MethodSource("towers")
  void agreesWithPlainLoops(ToyClip toy) {
    // LLaVA takes what leaves the last block but one.
    int layer = ToyClip.BLOCK_COUNT - (toy.projector().equals("mlp") ? 1 : 0);
    try (ModelFile file = open(toy)) {
      agree(file, toy, layer);
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "0", "1"})
  void takesTheLayerThatTheFileNames(int layer) {
    ToyClip toy = ToyClip.of("mlp").with(Trait.CLASS, Trait.POST_NORM);
    try (var file =
        new EditedFile(open(toy)).with("clip.vision.feature_layer", (Object) new long[] {layer})) {
      agree(file, toy, layer);
    }
  }

  @Test
  void joinsSeveralLayersInTheirOrder() {
    ToyClip toy = ToyClip.of("mlp").with(Trait.PRE_NORM, Trait.POST_NORM);
    Random random = Seeds.random("wide projector");
    var wide = new float[ToyClip.PROJECTION_DIM * 2 * ToyClip.WIDTH];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = (float) random.nextGaussian() / 8;
    }
    try (var file =
        new EditedFile(open(toy))
            .with("clip.vision.feature_layer", (Object) new long[] {2, 0})
            .with(
                "mm.0.weight",
                TensorView.ofFloats(wide, ToyClip.PROJECTION_DIM, 2 * ToyClip.WIDTH))) {
      agree(file, toy, 0, 2);
    }
  }

  @Test
  void gemma3sImageTokensSeeEachOther() {
    try (ModelFile file = open(ToyClip.of("gemma3"));
        Encoder encoder = encoder(file, "gemma3")) {
      assertEquals(4, encoder.bidirectionalTokenCountMax());
    }
    try (ModelFile file = open(ToyClip.of("internvl"));
        Encoder encoder = encoder(file, "internvl")) {
      assertEquals(0, encoder.bidirectionalTokenCountMax());
      assertEquals(
          "internvl: tower 32 x 2 blocks, tiles of 32, 2x2 downsampler and two-layer MLP, 4 tokens a tile",
          encoder.describe());
    }
  }

  @Test
  void readsTheFeedForwardLengthFromTensorsWhereTheKeySaysZero() {
    ToyClip toy = ToyClip.of("gemma3");
    byte[] image = TestPictures.png(TestPictures.noise(30, 20));
    try (ModelFile file = open(toy);
        Encoder keyed = encoder(file, "gemma3");
        Encoder unkeyed =
            encoder(
                new EditedFile(file).with("clip.vision.feed_forward_length", (Object) 0L),
                "gemma3")) {
      assertArrayEquals(
          keyed.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats(),
          unkeyed.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats());
    }
  }

  @Test
  void widensPositionsOfHalfPrecision() {
    ToyClip toy = ToyClip.of("mlp");
    String name = "v.position_embd.weight";
    byte[] image = TestPictures.png(TestPictures.noise(30, 20));
    try (ModelFile file = open(toy)) {
      float[] positions = file.tensor(name).toFloats();
      ByteBuffer halves =
          ByteBuffer.allocate(positions.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < positions.length; i++) {
        halves.putShort(Float.floatToFloat16(positions[i]));
        positions[i] = Float.float16ToFloat(Float.floatToFloat16(positions[i]));
      }
      Shape shape = file.tensor(name).shape();
      var half = new TensorView(DType.F16, shape, MemorySegment.ofArray(halves.array()));
      TensorView rounded = TensorView.ofFloats(positions, shape.toArray());
      try (Encoder got = encoder(new EditedFile(file).with(name, half), "mlp");
          Encoder expected = encoder(new EditedFile(file).with(name, rounded), "mlp")) {
        assertArrayEquals(
            expected.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats(),
            got.encode(image, EncodeListener.NONE, new Cancellation()).embeddings().toFloats());
      }
    }
  }

  private void agree(ModelFile file, ToyClip toy, int... layers) {
    Bitmap picture = TestPictures.noise(ToyClip.IMAGE_SIZE * 2 + 5, ToyClip.IMAGE_SIZE - 3);
    TileEncoderProvider provider = provider(toy.projector());
    var context = new TestContext(file, ToyClip.PROJECTION_DIM, ImageOptions.DEFAULTS);
    TilePlan plan = provider.plan(context, TowerConfig.of(file.metadata()), 1000);
    List<Bitmap> tiles = plan.cut(picture, plan.layout(picture.width(), picture.height()));
    try (Encoder encoder = provider.open(context)) {
      ImageTokens tokens =
          encoder.encode(TestPictures.png(picture), EncodeListener.NONE, new Cancellation());
      float[] got = tokens.embeddings().toFloats();
      var reference = new ReferenceClip(file, toy);
      int at = 0;
      for (Bitmap tile : tiles) {
        for (double[] expected : reference.encode(tile, layers)) {
          for (double value : expected) {
            assertEquals(value, got[at++], TOLERANCE, "element " + at);
          }
        }
      }
      assertEquals(got.length, at);
      assertTrue(at > 0);
    }
  }

  private ModelFile open(ToyClip toy) {
    return GgufFile.open(toy.writeTo(folder.resolve("toy.gguf")));
  }

  private static Encoder encoder(ModelFile file, String projector) {
    EncoderProvider provider = provider(projector);
    return provider.open(new TestContext(file, ToyClip.PROJECTION_DIM, ImageOptions.DEFAULTS));
  }

  static TileEncoderProvider provider(String projector) {
    return switch (projector) {
      case "mlp" -> new LlavaEncoderProvider();
      case "idefics3" -> new Idefics3EncoderProvider();
      case "internvl" -> new InternVlEncoderProvider();
      default -> new Gemma3EncoderProvider();
    };
  }
}
