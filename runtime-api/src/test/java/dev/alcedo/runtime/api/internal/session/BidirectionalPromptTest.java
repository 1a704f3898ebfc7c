// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.internal.plan.Devices;
import dev.alcedo.runtime.api.internal.plan.Providers;
import dev.alcedo.runtime.api.internal.tokenizer.SpmTokenizerProvider;
import dev.alcedo.runtime.api.spi.ImageTokens.Part.Span;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pictures whose image tokens see each other, through the real engine: what runs together, and
/// what is computed again.
class BidirectionalPromptTest {
  private static final int COLS = 64;
  private static final GenerationOptions TWO_TOKENS =
      new GenerationOptions(2, 0, 0, 1, 0, 1, 64, 0, List.of(), true, 0);

  @TempDir Path folder;
  private final RecordingBackend backend = new RecordingBackend();
  private ModelOptions options;
  private final List<LoadedModel> models = new ArrayList<>();

  @BeforeEach
  void writeToy() {
    options =
        ModelOptions.of(ToyText.small(DType.F32).writeTo(folder.resolve("toy.gguf")))
            .withMmproj(ToyMmproj.small(DType.F32).writeTo(folder.resolve("mmproj.gguf")));
  }

  @AfterEach
  void closeModels() {
    models.forEach(LoadedModel::close);
  }

  private LoadedModel load(SpanEncoder encoder, ModelOptions with) {
    var providers =
        new Providers(
            List.of(backend),
            List.of(new SpmTokenizerProvider()),
            List.of(encoder),
            List.of(new SequentialScheduler(), new ChunkedScheduler()));
    var devices = new Devices(providers.backends(), AlcedoOptions.DEFAULTS);
    var parts = new ModelLoader(providers, devices, with).load(Progress.NONE);
    var model = new LoadedModel(parts, _ -> {});
    models.add(model);
    return model;
  }

  private static SpanEncoder both(int count) {
    return new SpanEncoder(count, COLS, new Span(0, count, 0, true));
  }

  /// `before` tokens, a picture, `after` tokens.
  private static Request around(Image image, int before, int after) {
    var first = new int[before];
    Arrays.fill(first, 300);
    var last = new int[after];
    Arrays.fill(last, 301);
    return new Request.Completion(
        List.of(
            new PromptPart.Tokens(first),
            new PromptPart.Picture(image),
            new PromptPart.Tokens(last)),
        TWO_TOKENS);
  }

  private List<String> spansOf(Session session, Request request) {
    backend.runs.clear();
    session.generate(request).await();
    return backend.runs.stream().flatMap(r -> r.spans().stream()).toList();
  }

  @Test
  void aSpanRunsAloneAndWhole() {
    for (String scheduler : List.of("sequential", "chunked")) {
      LoadedModel model = load(both(9), options.withChunkLength(4).withScheduler(scheduler));
      assertEquals(9, backend.blockItemCountMax, "the chunk is as long as the longest span");
      Image image = model.prepare(new byte[] {1});
      try (Session session = model.openSession()) {
        assertEquals(
            List.of("0+9", "9+2", "11+9 both ways", "20+3", "23+1"),
            spansOf(session, around(image, 11, 3)),
            scheduler);
      }
    }
  }

  @Test
  void reuseGoesOnWhereASpanBegins() {
    LoadedModel model = load(both(9), options);
    Image image = model.prepare(new byte[] {1});
    try (Session session = model.openSession()) {
      spansOf(session, around(image, 5, 3));
      // The last position is always computed: here it is the picture's last token.
      assertEquals(List.of("5+9 both ways", "14+1"), spansOf(session, around(image, 5, 0)));
      assertEquals(List.of("14+2", "16+1"), spansOf(session, around(image, 5, 2)));
    }
  }

  @Test
  void anotherPictureIsComputedAnew() {
    LoadedModel model = load(both(9), options);
    Image one = model.prepare(new byte[] {1});
    Image other = model.prepare(new byte[] {2});
    try (Session session = model.openSession()) {
      spansOf(session, around(one, 5, 3));
      assertEquals(List.of("5+9 both ways", "14+3", "17+1"), spansOf(session, around(other, 5, 3)));
    }
  }

  @Test
  void neighboursRunOneAfterTheOther() {
    var two = new SpanEncoder(4, COLS, new Span(0, 4, 0, true), new Span(4, 3, 0, true));
    LoadedModel model = load(two, options);
    Image image = model.prepare(new byte[] {1});
    try (Session session = model.openSession()) {
      assertEquals(
          List.of("0+1", "1+4 both ways", "5+3 both ways", "8+1", "9+1"),
          spansOf(session, around(image, 1, 1)));
    }
  }

  @Test
  void aForeignPictureIsRefused() {
    Image foreign = load(both(200), options).prepare(new byte[] {1});
    foreign.await();
    LoadedModel model = load(both(9), options);
    try (Session session = model.openSession()) {
      var e =
          assertThrows(
              InvalidRequestException.class, () -> session.generate(around(foreign, 1, 1)).await());
      assertTrue(e.getMessage().contains("belongs to another model"), e.getMessage());
    }
  }
}
