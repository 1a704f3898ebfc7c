// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestGguf;
import dev.alcedo.testkit.ToyQwenMmproj;
import dev.alcedo.testkit.ToyResamplerMmproj;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Files of Qwen2-VL, Qwen2.5-VL and MiniCPM-V that are broken: one clear line each, and nothing
/// else, whatever is broken.
@ExtendWith(Seeds.class)
class BrokenGridMmprojTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Subject> subjects = new ArrayList<>();
  private Subject plain;
  private Subject gated;
  private Subject resampler;

  @TempDir Path folder;

  private record Subject(EncoderProvider provider, ModelFile file, int embeddingLength) {
    EditedFile edited() {
      return new EditedFile(file);
    }

    Encoder open(ModelFile edited) {
      return provider.open(new TestContext(edited, embeddingLength, ImageOptions.DEFAULTS));
    }
  }

  @BeforeEach
  void open() {
    plain = subject(new Qwen2VlEncoderProvider(), ToyQwenMmproj.plain().gguf(), 64);
    gated = subject(new Qwen25VlEncoderProvider(), ToyQwenMmproj.gated().gguf(), 64);
    resampler = subject(new ResamplerEncoderProvider(), ToyResamplerMmproj.small().gguf(), 128);
  }

  private Subject subject(EncoderProvider provider, TestGguf gguf, int embeddingLength) {
    Path path = folder.resolve(provider.id() + ".gguf");
    var subject = new Subject(provider, GgufFile.open(gguf.write().writeTo(path)), embeddingLength);
    subjects.add(subject);
    return subject;
  }

  @AfterEach
  void close() {
    subjects.forEach(subject -> subject.file().close());
  }

  @Test
  void openAsTheyAre() {
    subjects.forEach(subject -> subject.open(subject.edited()).close());
  }

  @Test
  void namesKeysOutOfRange() {
    assertFails(plain, "clip.vision.patch_size", 57L, "expected 1 to 56, got 57");
    assertFails(plain, "clip.vision.spatial_merge_size", 4L, "expected 2 to 2, got 4");
    assertFails(plain, "clip.vision.attention.head_count", 16L, "multiple of 4 columns, got 16");
    assertFails(gated, "clip.vision.n_wa_pattern", -1L, "expected 0 to 512, got -1");
    assertFails(gated, "clip.vision.image_min_pixels", 1L << 40, "clip.vision.image_min_pixels");
    assertFails(gated, "clip.vision.image_max_pixels", 1L << 40, "clip.vision.image_max_pixels");
    assertFails(resampler, "clip.minicpmv_query_num", 6L, "expected shape [6, 128]");
    assertFails(resampler, "clip.minicpmv_query_num", 5000L, "expected 0 to 4096, got 5000");
    assertFails(resampler, "clip.vision.max_slice_nums", 257L, "expected 0 to 256, got 257");
  }

  @Test
  void limitsOfPicturesFitTogether() {
    var file =
        gated
            .edited()
            .with("clip.vision.image_max_pixels", 40_000L)
            .with("clip.vision.image_min_pixels", 40_001L);
    assertFails(gated, file, ModelFormatException.class, "expected 0 to 40000, got 40001");
  }

  @Test
  void namesTheVersionsThatAreKnown() {
    for (long version : new long[] {1, 7, 100_044}) {
      assertFails(
          resampler,
          resampler.edited().with("clip.minicpmv_version", version),
          UnsupportedModelException.class,
          "version %d is not supported; known: [2, 3, 4, 5, 6, 100045]".formatted(version));
    }
  }

  @Test
  void qwen25RequiresItsPattern() {
    assertFails(
        gated,
        gated.edited().without("clip.vision.n_wa_pattern"),
        ModelFormatException.class,
        "'clip.vision.n_wa_pattern' is missing");
  }

  @Test
  void namesOtherModelsFiles() {
    String message =
        assertThrows(
                UnsupportedModelException.class,
                () ->
                    plain
                        .provider()
                        .open(new TestContext(plain.edited(), 65, ImageOptions.DEFAULTS)))
            .getMessage();
    assertTrue(message.contains("image tokens of 64 columns, the text model has 65"), message);
    assertFails(
        plain,
        gated.edited(),
        UnsupportedModelException.class,
        "projector 'qwen2.5vl_merger'; known: ");
  }

  @Test
  void namesEveryTensorThatIsMissing() {
    for (Subject subject : subjects) {
      for (String name : subject.file().tensors().keySet()) {
        EditedFile file = subject.edited().without(name);
        boolean isOptional = name.endsWith(".bias") && !name.contains("ln");
        isOptional |= name.equals("v.post_ln.weight") && subject == resampler;
        if (isOptional) {
          subject.open(file).close();
        } else if (name.endsWith("ffn_gate.weight")) {
          subject.open(file).close(); // an ungated block, as in Qwen2-VL
        } else {
          assertFails(subject, file, ModelFormatException.class, "'%s' is missing".formatted(name));
        }
      }
    }
  }

  @Test
  void namesEveryTensorOfAnotherShape() {
    for (Subject subject : subjects) {
      for (var entry : subject.file().tensors().entrySet()) {
        int[] dims = entry.getValue().shape().toArray();
        dims[0]++;
        EditedFile file = subject.edited().with(entry.getKey(), zeros(DType.F32, Shape.of(dims)));
        String message =
            assertThrows(VlmException.class, () -> subject.open(file).close(), entry.getKey())
                .getMessage();
        boolean isOutput =
            entry.getKey().equals("mm.2.weight") || entry.getKey().equals("resampler.proj.weight");
        assertTrue(message.contains(isOutput ? "columns" : entry.getKey()), message);
        assertEquals(1, message.lines().count(), message);
      }
    }
  }

  @Test
  void anyKeyMayHaveAnyValue() {
    Random random = Seeds.random("broken keys");
    List<Object> values =
        List.of(
            0L,
            1L,
            2L,
            3L,
            7L,
            33L,
            255L,
            4096L,
            65_536L,
            (1L << 31) - 1,
            1L << 31,
            -1L,
            Long.MIN_VALUE,
            0.0,
            -1.0,
            1e38,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            true,
            false,
            "",
            "clip",
            new long[0],
            new long[] {1, 2, 3},
            new double[0],
            new double[] {0, 0, 0},
            new double[] {1, Double.NaN, 1},
            new boolean[] {true},
            List.of("a"));
    for (Subject subject : subjects) {
      List<String> keys = new ArrayList<>(subject.file().metadata().keys());
      keys.addAll(
          List.of(
              "clip.vision.spatial_merge_size",
              "clip.vision.max_slice_nums",
              "clip.vision.image_min_pixels",
              "clip.vision.image_max_pixels",
              "clip.use_gelu",
              "clip.use_silu"));
      for (String key : keys) {
        for (Object value : values) {
          opensOrFailsWell(subject, subject.edited().with(key, value), key + " = " + value);
        }
      }
      for (int i = 0; i < 300; i++) {
        EditedFile file = subject.edited();
        for (int k = 0; k < 3; k++) {
          String key = keys.get(random.nextInt(keys.size()));
          file = file.with(key, values.get(random.nextInt(values.size())));
        }
        opensOrFailsWell(subject, file, "three keys, round " + i);
      }
    }
  }

  @Test
  void anyTensorMayHaveAnyShapeAndType() {
    Random random = Seeds.random("broken tensors");
    DType[] dtypes = {DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_K};
    for (Subject subject : subjects) {
      List<Map.Entry<String, TensorView>> tensors =
          List.copyOf(subject.file().tensors().entrySet());
      for (int i = 0; i < 600; i++) {
        var entry = tensors.get(random.nextInt(tensors.size()));
        DType dtype = dtypes[random.nextInt(dtypes.length)];
        int[] dims = entry.getValue().shape().toArray();
        if (random.nextBoolean()) {
          dims = new int[1 + random.nextInt(4)];
          for (int k = 0; k < dims.length; k++) {
            dims[k] = 1 + random.nextInt(40);
          }
        }
        int last = dims.length - 1;
        dims[last] = Math.ceilDiv(dims[last], dtype.blockLength()) * dtype.blockLength();
        EditedFile file = subject.edited().with(entry.getKey(), zeros(dtype, Shape.of(dims)));
        String what = "%s %s %s".formatted(entry.getKey(), dtype, Shape.of(dims));
        opensOrFailsWell(subject, file, what);
      }
    }
  }

  private static TensorView zeros(DType dtype, Shape shape) {
    long bytes = dtype.bytes(shape.elementCount());
    return new TensorView(dtype, shape, MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]));
  }

  /// What opens also encodes a picture, unless it is told to make it large.
  private static void opensOrFailsWell(Subject subject, ModelFile file, String what) {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try (Encoder encoder = subject.open(file)) {
            byte[] image = TestPictures.png(TestPictures.noise(9, 7));
            if (encoder.inspect(image).tokenCount() < 100) {
              encoder.encode(image, EncodeListener.NONE, new Cancellation());
            }
          } catch (VlmException e) {
            assertTrue(
                e.getMessage().contains("edited.gguf") || e.getMessage().contains("image"),
                what + ": " + e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
          }
        },
        what);
  }

  private static void assertFails(Subject subject, String key, Object value, String expected) {
    EditedFile file = subject.edited().with(key, value);
    String message =
        assertThrows(VlmException.class, () -> subject.open(file).close(), key).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("edited.gguf"), message);
  }

  private static void assertFails(
      Subject subject, ModelFile file, Class<? extends VlmException> kind, String expected) {
    String message = assertThrows(kind, () -> subject.open(file).close(), expected).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("edited.gguf"), message);
    assertEquals(1, message.lines().count(), message);
  }
}
