// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.EncodingOptions;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.TraceEvent;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.testkit.SlowBackend;
import dev.alcedo.vision.pipeline.internal.TestPictures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The levers of BlueLM-V-3B's system on the shipped Alcedo-Tiny: whatever is on or off, answers
/// are the same to the last bit; with a device of its own for pictures, overlapping gains;
/// cancelling leaves nothing behind.
@Timeout(1800)
class LeversTest {
  private static final Path FOLDER = Path.of("..", "examples", "models", "alcedo-tiny");
  private static final GenerationOptions OPTIONS =
      new GenerationOptions(8, 0, 0, 1, 0, 1, 64, 0, List.of(), false, 8);

  /// Which levers are on.
  private record Levers(
      String scheduler, Lever follows, Residence residence, int tileBatch, boolean isOwnDevice) {}

  /// Noise in two tiles and an overview.
  private static byte[] smallPicture(int number) {
    return TestPictures.png(TestPictures.noise(120 + number, 60));
  }

  /// Noise in six tiles and an overview; each number gives another.
  private static byte[] picture(int number) {
    return TestPictures.png(TestPictures.noise(180 + number, 128));
  }

  private static BackendProvider backend(String id) {
    LeversTest.class.getModule().addUses(BackendProvider.class);
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(p -> p.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static SlowBackend device(String id, Duration perRun, Duration perItem) {
    return new SlowBackend(backend("cpu"), id, perRun, perItem);
  }

  private static ModelOptions options(Levers levers) {
    Map<Stage, String> stages = new EnumMap<>(Stage.class);
    if (levers.isOwnDevice()) {
      stages.put(Stage.VISION_BLOCKS, "npu");
    }
    return ModelOptions.of(FOLDER.resolve("alcedo-tiny-q8_0.gguf"))
        .withMmproj(FOLDER.resolve("mmproj-alcedo-tiny-q8_0.gguf"))
        .withBackend("cpu")
        .withStages(stages)
        .withChunkLength(32)
        .withScheduler(levers.scheduler())
        .withEncoding(
            EncodingOptions.DEFAULTS.prefillFollows(levers.follows()).residence(levers.residence()))
        .withImage(dev.alcedo.runtime.api.ImageOptions.DEFAULTS.tileBatchMax(levers.tileBatch()));
  }

  private static Request question(Image... images) {
    var parts = new ArrayList<PromptPart>();
    for (Image image : images) {
      parts.add(new PromptPart.Picture(image));
    }
    parts.add(new PromptPart.Text("How many shapes are there?"));
    return new Request.Chat(List.of(new Message(Message.Role.USER, parts)), OPTIONS);
  }

  private static List<Token> ask(Model model, byte[]... pictures) {
    Image[] images = new Image[pictures.length];
    for (int i = 0; i < images.length; i++) {
      images[i] = model.prepare(pictures[i]);
    }
    try (Session session = model.openSession()) {
      TokenStream stream = session.generate(question(images));
      var tokens = new ArrayList<Token>();
      stream.next().ifPresent(tokens::add);
      while (!tokens.isEmpty()) {
        var next = stream.next();
        if (next.isEmpty()) {
          break;
        }
        tokens.add(next.get());
      }
      return tokens;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cpu-scalar"})
  void answersAreBitEqualWhateverIsOn(String backend) {
    List<Token> expected = null;
    int count = 0;
    try (Alcedo alcedo =
        Alcedo.open(
            AlcedoOptions.DEFAULTS,
            List.of(
                new SlowBackend(backend(backend), "npu", Duration.ZERO, Duration.ofMillis(1))))) {
      for (String scheduler : List.of("chunked", "pipelined")) {
        for (Lever follows : List.of(Lever.OFF, Lever.ON)) {
          for (Residence residence : List.of(Residence.KEEP, Residence.RELEASE)) {
            for (int tileBatch : new int[] {1, 4}) {
              for (boolean isOwnDevice : new boolean[] {false, true}) {
                var levers = new Levers(scheduler, follows, residence, tileBatch, isOwnDevice);
                try (Model model =
                    alcedo.load(options(levers).withBackend(backend), Progress.NONE)) {
                  List<Token> got = ask(model, smallPicture(1), smallPicture(3));
                  expected = expected == null ? got : expected;
                  // Candidates carry log-probabilities: equal floats, not nearly equal ones.
                  assertEquals(expected, got, levers::toString);
                  count++;
                }
              }
            }
          }
        }
      }
    }
    assertEquals(32, count);
    assertTrue(expected.size() >= 2 && expected.getFirst().top().size() == 8, "no answer");
  }

  /// The middle of three times from handing the picture in to the first token.
  private static Duration firstToken(Levers levers, List<BackendProvider> devices) {
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, devices);
        Model model = alcedo.load(options(levers), Progress.NONE)) {
      ask(model, picture(2)); // warm
      var times = new TreeSet<Duration>();
      for (int number : new int[] {1, 3, 4}) {
        long start = System.nanoTime();
        Image image = model.prepare(picture(number));
        try (Session session = model.openSession()) {
          session.generate(question(image)).next();
          times.add(Duration.ofNanos(System.nanoTime() - start));
        }
      }
      return times.stream().skip(times.size() / 2).findFirst().orElseThrow();
    }
  }

  /// A device that takes 40 ms for a run of the blocks and 10 ms for each tile (as an NPU that is
  /// better fed in batches), and one that takes 20 ms for each chunk of the prompt.
  @Test
  void withDevicesOfTheirOwnOverlappingGains() {
    var inOrder = new Levers("chunked", Lever.OFF, Residence.KEEP, 1, true);
    var together = new Levers("pipelined", Lever.ON, Residence.KEEP, 4, true);
    Duration slow = firstToken(inOrder, List.of(npu()));
    Duration fast = firstToken(together, List.of(npu()));
    System.Logger log = System.getLogger(LeversTest.class.getName());
    log.log(
        System.Logger.Level.INFO,
        "picture to first token: {0} ms in order, {1} ms with all levers",
        slow.toMillis(),
        fast.toMillis());
    assertTrue(
        fast.multipliedBy(115).compareTo(slow.multipliedBy(100)) < 0,
        "in order %s, with all levers %s".formatted(slow, fast));
  }

  private static SlowBackend npu() {
    return device("npu", Duration.ofMillis(40), Duration.ofMillis(10));
  }

  @Test
  void cancellingAtAnyStageLeavesNothingBehind() throws InterruptedException {
    int threadsBefore = engineThreads().size();
    SlowBackend npu = device("npu", Duration.ofMillis(20), Duration.ZERO);
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(npu))) {
      for (String scheduler : List.of("chunked", "pipelined")) {
        for (Lever follows : List.of(Lever.OFF, Lever.ON)) {
          var levers = new Levers(scheduler, follows, Residence.RELEASE, 1, true);
          try (Model model = alcedo.load(options(levers), Progress.NONE)) {
            for (String stage : List.of("at once", "image", "prefill", "token")) {
              cancelAt(model, stage, picture(stage.length()));
            }
            assertEquals(4, ask(model, picture(5)).size() > 0 ? 4 : 0, "still answers");
            // Discarding while it is encoded ends the encoding, and the device is given up.
            Image image = model.prepare(picture(6));
            model.discard(image.handle());
            assertThrows(CancelledException.class, image::await);
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (npu.openGraphCount() > 0 && System.nanoTime() < end) {
              Thread.sleep(5);
            }
            assertEquals(0, npu.openGraphCount(), "graphs of the released encoder");
            assertEquals(
                List.of(),
                engineThreads().stream().filter(n -> n.startsWith("alcedo-vision")).toList());
          }
        }
      }
    }
    assertEquals(threadsBefore, engineThreads().size(), () -> engineThreads().toString());
  }

  private static void cancelAt(Model model, String stage, byte[] picture) {
    try (Session session = model.openSession()) {
      Image image = model.prepare(picture);
      TokenStream[] stream = new TokenStream[1];
      var listener =
          new TokenListener() {
            @Override
            public void report(String step, long done, long total) {
              if (step.equals(stage) && stream[0] != null) {
                stream[0].cancel();
              }
            }

            @Override
            public void token(Token token) {
              if (stage.equals("token") && stream[0] != null) {
                stream[0].cancel();
              }
            }
          };
      stream[0] = session.generate(question(image), listener);
      if (stage.equals("at once")) {
        stream[0].cancel();
      }
      try {
        Answer answer = stream[0].await();
        assertTrue(stage.equals("token") || answer.text().length() > 0, "ended before");
      } catch (CancelledException e) {
        // As it should; a short answer may have been quicker.
      }
      // The picture survives the question.
      assertEquals(image, model.prepared(image.handle()));
      assertTrue(image.await().tokenCount() > 0);
    }
  }

  private static List<String> engineThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("alcedo-"))
        .toList();
  }

  @Test
  void preparedPicturesCostAQuestionNoWait() {
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(npu()));
        Model model =
            alcedo.load(
                options(new Levers("chunked", Lever.OFF, Residence.KEEP, 4, true)), Progress.NONE);
        Session session = model.openSession()) {
      Image image = model.prepare(picture(1));
      Answer waited = session.generate(question(image)).await();
      assertTrue(waited.statistics().imageWait().toMillis() >= 40, "the device took this long");
      Image known = model.prepared(image.handle());
      Answer prepared = session.generate(question(known)).await();
      assertTrue(
          prepared.statistics().imageWait().toMillis() < 20,
          prepared.statistics().imageWait().toString());
      assertEquals(waited.text(), prepared.text());
    }
  }

  @Test
  void theTraceShowsStagesThatOverlap() {
    Queue<TraceEvent> events = new ConcurrentLinkedQueue<>();
    try (Alcedo alcedo =
            Alcedo.open(AlcedoOptions.DEFAULTS.withTrace(events::add), List.of(npu()));
        Model model =
            alcedo.load(
                options(new Levers("pipelined", Lever.ON, Residence.KEEP, 1, true)),
                Progress.NONE)) {
      ask(model, picture(2), picture(1));
    }
    List<TraceEvent> blocks =
        events.stream().filter(e -> e.name().equals("vision.blocks")).toList();
    List<TraceEvent> chunks = events.stream().filter(e -> e.kind() == Tracer.Kind.CHUNK).toList();
    assertTrue(blocks.size() >= 2, "one for each tile");
    assertTrue(blocks.stream().allMatch(e -> e.backend().equals("npu") && e.count() == 1));
    assertTrue(chunks.stream().anyMatch(e -> e.name().equals("prefill")));
    assertTrue(chunks.stream().anyMatch(e -> e.name().equals("decode")));
    TraceEvent last = blocks.getLast();
    assertTrue(
        chunks.stream().anyMatch(c -> c.startNanos() < last.startNanos()),
        "prefill began before the last tile was encoded");
    assertTrue(
        events.stream().anyMatch(e -> e.kind() == Tracer.Kind.WAIT), "somebody waited for tiles");
    assertTrue(events.stream().allMatch(e -> e.endNanos() >= e.startNanos()));
  }
}
