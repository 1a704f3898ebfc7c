// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.ToyClip;
import dev.alcedo.testkit.ToyClip.Trait;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Broken mmproj files of the kinds that llama.cpp runs: one clear line each, whatever is broken.
class BrokenClipTest {
  /// What a file may lack: these layers work without.
  private static final Pattern OPTIONAL =
      Pattern.compile(
          "v\\.blk\\.\\d+\\.(attn_\\w+|ffn_\\w+)\\.bias|v\\.blk\\.\\d+\\.(ls\\d|attn_._norm)\\.weight"
              + "|v\\.patch_embd\\.bias|v\\.pre_ln\\.weight|mm\\.[02]\\.bias|mm\\.model\\.mlp\\.[13]\\.bias");

  /// All that a tower can have at once.
  private static final Trait[] READABLE = {
    Trait.CLASS,
    Trait.PRE_NORM,
    Trait.POST_NORM,
    Trait.LAYER_SCALE,
    Trait.PATCH_BIAS,
    Trait.FUSED_QKV,
    Trait.QK_NORM
  };

  private static final byte[] PICTURE = TestPictures.png(TestPictures.noise(50, 40));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "idefics3", "internvl", "gemma3"})
  void namesWhatIsMissing(String projector) {
    try (ModelFile file = open(ToyClip.of(projector))) {
      for (String name : used(file, projector)) {
        var edited = new EditedFile(file).without(name);
        if (OPTIONAL.matcher(name).matches()) {
          encoder(edited, projector).close();
          continue;
        }
        // Without its class token the tower has one row less.
        String expected = name.equals("v.class_embd") ? "v.position_embd.weight" : name;
        assertFails(ModelFormatException.class, edited, projector, "'%s'".formatted(expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "idefics3", "internvl", "gemma3"})
  void namesWhatDoesNotFit(String projector) {
    TensorView small = TensorView.ofFloats(new float[7], 7);
    try (ModelFile file = open(ToyClip.of(projector).with(READABLE))) {
      for (String name : used(file, projector)) {
        boolean isOutput =
            List.of("mm.2.weight", "mm.model.fc.weight", "mm.model.mlp.3.weight").contains(name)
                || name.equals("mm.input_projection.weight");
        assertFails(
            isOutput ? UnsupportedModelException.class : ModelFormatException.class,
            new EditedFile(file).with(name, small),
            projector,
            isOutput ? "7 columns, the text model has 64" : "tensor '%s'".formatted(name));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, clip.vision.image_grid_pinpoints, 64;64;32, pairs of width and height",
    "mlp, clip.vision.image_grid_pinpoints, 64;0, multiples of the tile's 32 pixels",
    "mlp, clip.vision.image_grid_pinpoints, 64;-32, multiples of the tile's 32 pixels",
    "mlp, clip.vision.image_grid_pinpoints, 64;48, multiples of the tile's 32 pixels",
    "mlp, clip.vision.image_grid_pinpoints, 64;2147483616, up to 16 times",
    "mlp, clip.vision.feature_layer, 3, layers from 0",
    "mlp, clip.vision.feature_layer, 1;-1, layers from 0",
  })
  void checksLists(String projector, String key, String values, String expected) {
    long[] list = Arrays.stream(values.split(";")).mapToLong(Long::parseLong).toArray();
    try (ModelFile file = open(ToyClip.of(projector))) {
      var edited = new EditedFile(file).with(key, (Object) list);
      assertFails(
          ModelFormatException.class, edited, projector, "metadata key '%s'".formatted(key));
      assertFails(ModelFormatException.class, edited, projector, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "idefics3, clip.vision.projector.scale_factor, 3, a divisor of the 4 patches",
    "internvl, clip.vision.projector.scale_factor, 3, a divisor of the 4 patches",
    "gemma3, clip.vision.projector.scale_factor, 8, a divisor of the 4 patches",
    "internvl, clip.vision.projector.scale_factor, 0, 1 to 16",
    "idefics3, clip.vision.preproc_image_size, 0, 1 to 512",
    "idefics3, clip.vision.preproc_image_size, 4294967295, 1 to 512",
    "internvl, clip.vision.preproc_max_tiles, 0, 1 to 256",
    "internvl, clip.vision.preproc_max_tiles, 2147483647, 1 to 256",
    "internvl, clip.vision.preproc_min_tiles, 7, 1 to 6",
    "mlp, clip.vision.feed_forward_length, 65537, 0 to 65536",
  })
  void checksNumbers(String projector, String key, long value, String expected) {
    try (ModelFile file = open(ToyClip.of(projector))) {
      var edited = new EditedFile(file).with(key, (Object) value);
      assertFails(
          ModelFormatException.class, edited, projector, "metadata key '%s'".formatted(key));
      assertFails(ModelFormatException.class, edited, projector, expected);
    }
  }

  @Test
  void refusesGridsThatNoMemoryHolds() {
    try (ModelFile file = open(ToyClip.of("internvl"))) {
      var edited =
          new EditedFile(file)
              .with("clip.vision.image_size", (Object) 4096L)
              .with("clip.vision.patch_size", (Object) 1024L)
              .with("clip.vision.preproc_max_tiles", (Object) 256L)
              .with(
                  "v.patch_embd.weight",
                  TensorView.ofFloats(new float[32 * 3 * 1024 * 1024], 32, 3, 1024, 1024));
      assertFails(
          ModelFormatException.class, edited, "internvl", "grids of at most 67108864 pixels");
    }
  }

  @Test
  void refusesTwoActivations() {
    try (ModelFile file = open(ToyClip.of("gemma3"))) {
      var edited = new EditedFile(file).with("clip.use_silu", (Object) true);
      assertFails(ModelFormatException.class, edited, "gemma3", "GELU and SiLU at once");
    }
  }

  @Test
  void readsTheKeyOfFilesWithAnAudioTower() {
    try (ModelFile file = open(ToyClip.of("gemma3"))) {
      var edited =
          new EditedFile(file)
              .without("clip.projector_type")
              .with("clip.vision.projector_type", (Object) "gemma3");
      assertTrue(new Gemma3EncoderProvider().supports(edited.metadata()).isSupported());
      Support other = new LlavaEncoderProvider().supports(edited.metadata());
      String why = assertInstanceOf(Support.Unsupported.class, other).why();
      assertTrue(why.startsWith("projector 'gemma3'; known: bluelmv, gemma3, "), why);
    }
  }

  /// Keys and tensors replaced at random: what opens must encode, all else is our own exception.
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "idefics3", "internvl", "gemma3"})
  void survivesMutations(String projector) {
    Random random = Seeds.random("broken clip " + projector);
    int refused = 0;
    int count = 400;
    try (ModelFile file = open(ToyClip.of(projector))) {
      for (int i = 0; i < count; i++) {
        var edited = new EditedFile(file);
        List<String> how = new ArrayList<>();
        for (int k = 1 + random.nextInt(2); k > 0; k--) {
          how.add(mutate(file, edited, random, projector));
        }
        refused += isRefused(edited, projector, how) ? 1 : 0;
      }
    }
    int total = refused;
    assertTrue(total > count / 4 && total < count, () -> total + " refused");
  }

  private static boolean isRefused(ModelFile edited, String projector, List<String> how) {
    return Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          try (Encoder encoder = encoder(edited, projector)) {
            encoder.encode(PICTURE, EncodeListener.NONE, new Cancellation());
            return false;
          } catch (VlmException e) {
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            return true;
          } catch (RuntimeException | Error e) {
            return fail("%s; %s".formatted(how, Seeds.hint()), e);
          }
        },
        () -> "%s; %s".formatted(how, Seeds.hint()));
  }

  private static String mutate(ModelFile file, EditedFile edited, Random random, String projector) {
    if (random.nextBoolean()) {
      List<String> names = List.copyOf(file.tensors().keySet());
      String name = names.get(random.nextInt(names.size()));
      return mutateTensor(file.tensor(name), name, edited, random);
    }
    List<String> keys =
        new ArrayList<>(
            file.metadata().keys().stream()
                .filter(key -> key.startsWith("clip."))
                .filter(key -> !key.equals("clip.projector_type"))
                .toList());
    keys.add("clip.vision.feature_layer");
    keys.add("clip.use_silu");
    keys.add(
        projector.equals("mlp")
            ? "clip.vision.image_grid_pinpoints"
            : "clip.vision.preproc_min_tiles");
    String key = keys.get(random.nextInt(keys.size()));
    long[] numbers = {-1, 0, 1, 2, 3, 5, 16, 31, 33, 64, 255, 4096, 65_536, 1L << 31, 1L << 40};
    long number = numbers[random.nextInt(numbers.length)];
    Object value =
        switch (random.nextInt(7)) {
          case 0 -> "text";
          case 1 -> random.nextBoolean();
          case 2 -> (double) number;
          case 3 -> Double.NaN;
          case 4 -> new long[] {number, 32, 64, numbers[random.nextInt(numbers.length)]};
          case 5 -> new double[] {0.5, number, 0.5};
          default -> number;
        };
    edited.with(key, value);
    return key + " = " + value;
  }

  private static String mutateTensor(
      TensorView view, String name, EditedFile edited, Random random) {
    int[] dims = view.shape().toArray();
    int at = random.nextInt(dims.length);
    switch (random.nextInt(4)) {
      case 0 -> {
        edited.without(name);
        return name + " missing";
      }
      case 1 -> dims[at] = Math.max(1, dims[at] / 2);
      case 2 -> dims[at] = dims[at] * 2;
      default -> {
        int last = dims.length - 1;
        int swap = dims[at];
        dims[at] = dims[last];
        dims[last] = swap;
      }
    }
    DType dtype = random.nextInt(4) == 0 ? DType.F16 : DType.F32;
    var shape = Shape.of(dims);
    var data = MemorySegment.ofArray(new byte[(int) dtype.bytes(shape.elementCount())]);
    edited.with(name, new TensorView(dtype, shape, data));
    return "%s %s %s".formatted(name, dtype, shape);
  }

  /// All tensors that are read: LLaVA leaves the last block out.
  private static List<String> used(ModelFile file, String projector) {
    String last = "v.blk.%d.".formatted(ToyClip.BLOCK_COUNT - 1);
    return file.tensors().keySet().stream()
        .filter(name -> !projector.equals("mlp") || !name.startsWith(last))
        .toList();
  }

  private ModelFile open(ToyClip toy) {
    return GgufFile.open(toy.writeTo(folder.resolve("toy.gguf")));
  }

  private static Encoder encoder(ModelFile file, String projector) {
    return ClipEncoderTest.provider(projector)
        .open(new TestContext(file, ToyClip.PROJECTION_DIM, ImageOptions.DEFAULTS));
  }

  private static void assertFails(
      Class<? extends VlmException> kind, ModelFile mmproj, String projector, String expected) {
    String message =
        assertThrows(kind, () -> encoder(mmproj, projector).close(), expected).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("edited.gguf"), message);
    assertEquals(1, message.lines().count(), message);
  }
}
