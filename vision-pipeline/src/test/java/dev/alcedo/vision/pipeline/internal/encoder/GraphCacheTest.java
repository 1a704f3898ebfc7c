// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.testkit.ToyQwenMmproj;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many graphs are open while pictures of many sizes are encoded.
class GraphCacheTest {
  @TempDir Path folder;
  private ModelFile file;
  private Counting context;
  private Encoder encoder;

  /// Counts what is compiled and open on the real backend.
  private static final class Counting implements EncoderContext {
    private final TestContext real;
    private final List<Stage> open = new ArrayList<>();
    private final List<Stage> compiled = new ArrayList<>();
    private long extraBytes;
    private @Nullable Stage failing;

    Counting(ModelFile file) {
      real = new TestContext(file, 64, ImageOptions.DEFAULTS);
    }

    @Override
    public ModelFile mmproj() {
      return real.mmproj();
    }

    @Override
    public int embeddingLength() {
      return real.embeddingLength();
    }

    @Override
    public ImageOptions imageOptions() {
      return real.imageOptions();
    }

    @Override
    public CompiledGraph compile(Stage stage, Graph graph, int itemCountMax) {
      if (stage == failing) {
        throw new ResourceExhaustedException("no room for " + graph.name());
      }
      CompiledGraph whole = real.compile(stage, graph, itemCountMax);
      compiled.add(stage);
      open.add(stage);
      return new CompiledGraph() {
        @Override
        public int itemCountMax() {
          return whole.itemCountMax();
        }

        @Override
        public long residentBytes() {
          return whole.residentBytes() + extraBytes;
        }

        @Override
        public void execute(Bindings bindings) {
          whole.execute(bindings);
        }

        @Override
        public void close() {
          assertTrue(open.remove(stage), "closed twice");
          whole.close();
        }
      };
    }
  }

  @BeforeEach
  void open() {
    file = GgufFile.open(ToyQwenMmproj.plain().gguf().write().writeTo(folder.resolve("toy.gguf")));
    context = new Counting(file);
    encoder = new Qwen2VlEncoderProvider().open(context);
  }

  @AfterEach
  void close() {
    encoder.close();
    assertEquals(List.of(), context.open);
    file.close();
  }

  private void encode(int width, int height) {
    byte[] image = TestPictures.png(TestPictures.noise(width, height));
    encoder.encode(image, EncodeListener.NONE, new Cancellation());
  }

  @Test
  void keepsTheLastFewAndClosesTheRest() {
    assertEquals(List.of(), context.open, "weights stay unread until they are needed");
    encoder.load();
    encoder.load();
    assertEquals(3, context.open.size(), "patch embedding, and blocks and projector of one size");
    for (int width = 40; width <= 160; width += 8) {
      encode(width, 32);
      assertTrue(context.open.size() <= 1 + 2 * GraphCache.COUNT_MAX, context.open.toString());
    }
    assertEquals(1 + 2 * GraphCache.COUNT_MAX, context.open.size());
    int before = context.compiled.size();
    encode(160, 32);
    encode(136, 32);
    encode(32, 160);
    assertEquals(before, context.compiled.size(), "known patch counts");
    encode(40, 32);
    assertEquals(before + 2, context.compiled.size());
    encode(136, 32);
    assertEquals(before + 2, context.compiled.size(), "used lately, so it was kept");
  }

  @Test
  void keepsOneOnlyWhereGraphsAreLarge() {
    encoder.close();
    context.extraBytes = GraphCache.RESIDENT_BYTES_MAX;
    encoder = new Qwen2VlEncoderProvider().open(context);
    for (int width = 40; width <= 64; width += 8) {
      encode(width, 32);
      assertEquals(3, context.open.size());
    }
  }

  @Test
  void releasesAndLoadsAgain() {
    encode(40, 32);
    encode(48, 32);
    encoder.release();
    encoder.release();
    assertEquals(List.of(), context.open);
    encode(48, 32);
    assertEquals(5, context.open.size(), "of the smallest picture and of this one");
  }

  @Test
  void goesOnAfterAFailure() {
    encode(40, 32);
    int before = context.open.size();
    context.failing = Stage.VISION_PROJECTOR;
    String message =
        assertThrows(ResourceExhaustedException.class, () -> encode(48, 40)).getMessage();
    assertTrue(message.contains("image of 48x40 pixels"), message);
    assertEquals(before, context.open.size(), "nothing of the failed size stays open");
    context.failing = null;
    encode(48, 40);
  }

  @Test
  void nothingStaysOpenWhereOpeningFails() {
    for (Stage stage :
        List.of(Stage.VISION_PATCH_EMBED, Stage.VISION_BLOCKS, Stage.VISION_PROJECTOR)) {
      var failing = new Counting(file);
      failing.failing = stage;
      try (Encoder other = new Qwen2VlEncoderProvider().open(failing)) {
        assertThrows(ResourceExhaustedException.class, other::load);
        assertEquals(List.of(), failing.open, stage.id());
      }
    }
  }
}
