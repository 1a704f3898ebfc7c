// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.testkit.SlowBackend;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cancelling a request or giving up a picture, at any stage and with any levers, leaves no thread,
/// no graph on a device, no native memory, no mapped file and no handle behind: all are counted.
@Timeout(600)
class CancellingTest {
  /// Where a request is cancelled; `image` and `prefill` are steps that it reports.
  private static final List<String> STEPS = List.of("at once", "image", "prefill", "token");

  private final SlowBackend npu = Levers.device("npu", Duration.ofMillis(20), Duration.ZERO);
  private final SlowBackend llm = Levers.device("llm", Duration.ofMillis(20), Duration.ZERO);

  @ParameterizedTest
  @CsvSource({"chunked, OFF", "chunked, ON", "pipelined, OFF", "pipelined, ON"})
  void nothingIsLeftBehind(String scheduler, Lever follows) throws InterruptedException {
    var levers = new Levers(scheduler, follows, Residence.RELEASE, 1, true);
    Holdings before = Holdings.quiet();
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(npu, llm));
        Model model = alcedo.load(levers.options().withStages(stages()), Progress.NONE)) {
      int textGraphs = llm.openGraphCount();
      assertTrue(answerOnce(model).buffers() > before.buffers(), "a KV cache is counted");
      awaitRelease();
      Holdings idle = Holdings.quiet();
      assertTrue(idle.threads().size() > before.threads().size(), "threads are counted");
      assertTrue(idle.mappings() > before.mappings(), "mapped files are counted");
      for (String step : STEPS) {
        cancelAt(model, step, Levers.picture(STEPS.indexOf(step)));
        awaitRelease();
        assertEquals(idle, Holdings.settled(idle), "after a cancel at: " + step);
      }
      discardWhileEncoded(model);
      awaitRelease();
      discardWhileWaiting(model);
      awaitRelease();
      assertEquals(idle, Holdings.settled(idle), "after discarding");
      assertEquals(textGraphs, llm.openGraphCount());
      answerOnce(model);
    }
    assertEquals(0, npu.openGraphCount());
    assertEquals(0, llm.openGraphCount());
    assertEquals(before, Holdings.settled(before), "after all was closed");
  }

  private static Map<Stage, String> stages() {
    Map<Stage, String> stages = new EnumMap<>(Stage.class);
    stages.put(Stage.VISION_BLOCKS, "npu");
    for (Stage stage : List.of(Stage.TEXT_PREFILL, Stage.TEXT_DECODE, Stage.TEXT_LOGITS)) {
      stages.put(stage, "llm");
    }
    return stages;
  }

  /// Answers a question; returns what was held while its session was open.
  private static Holdings answerOnce(Model model) {
    Image image = model.prepare(Levers.picture(STEPS.size()));
    Holdings held;
    try (Session session = model.openSession()) {
      assertFalse(session.generate(Levers.question(image)).await().text().isEmpty());
      held = Holdings.now();
    }
    discard(model, image);
    return held;
  }

  /// The request ends cancelled, the picture does not suffer, and its handle is good until it is
  /// discarded.
  private static void cancelAt(Model model, String where, byte[] picture) {
    Image image = model.prepare(picture);
    try (Session session = model.openSession()) {
      var started = new CompletableFuture<TokenStream>();
      var listener =
          new TokenListener() {
            @Override
            public void report(String step, long done, long total) {
              if (step.equals(where)) {
                started.thenAccept(TokenStream::cancel);
              }
            }

            @Override
            public void token(Token token) {
              if (where.equals("token")) {
                started.thenAccept(TokenStream::cancel);
              }
            }
          };
      TokenStream stream = session.generate(Levers.question(64, true, image), listener);
      started.complete(stream);
      if (where.equals("at once")) {
        stream.cancel();
      }
      assertThrows(CancelledException.class, stream::await, where);
    }
    assertEquals(image, model.prepared(image.handle()));
    assertTrue(image.await().tokenCount() > 0);
    discard(model, image);
  }

  /// The picture is on the device when it is given up.
  private void discardWhileEncoded(Model model) throws InterruptedException {
    Image image = model.prepare(Levers.picture(10));
    while (npu.openGraphCount() == 0) {
      Thread.sleep(1);
    }
    discard(model, image);
    assertThrows(CancelledException.class, image::await);
  }

  /// The second picture waits for the first when it is given up.
  private static void discardWhileWaiting(Model model) {
    Image first = model.prepare(Levers.picture(11));
    Image second = model.prepare(Levers.picture(12));
    discard(model, second);
    assertThrows(CancelledException.class, second::await);
    assertTrue(first.await().tokenCount() > 0);
    discard(model, first);
  }

  private static void discard(Model model, Image image) {
    model.discard(image.handle());
    assertThrows(InvalidRequestException.class, () -> model.prepared(image.handle()));
  }

  /// The encoder is given up once no picture waits.
  private void awaitRelease() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (npu.openGraphCount() > 0 && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertEquals(0, npu.openGraphCount(), "graphs of the released encoder");
  }
}
