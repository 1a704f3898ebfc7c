// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TraceEvent;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.testkit.SlowBackend;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The levers of BlueLM-V-3B's system on the shipped Alcedo-Tiny: whatever is on or off, answers
/// are the same to the last bit; with a device of its own for pictures, overlapping gains.
@Timeout(1800)
class LeversTest {
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cpu-scalar"})
  void answersAreBitEqualWhateverIsOn(String backend) {
    List<Token> expected = null;
    int count = 0;
    try (Alcedo alcedo =
        Alcedo.open(
            AlcedoOptions.DEFAULTS,
            List.of(
                new SlowBackend(
                    Levers.backend(backend), "npu", Duration.ZERO, Duration.ofMillis(1))))) {
      for (String scheduler : List.of("chunked", "pipelined")) {
        for (Lever follows : List.of(Lever.OFF, Lever.ON)) {
          for (Residence residence : List.of(Residence.KEEP, Residence.RELEASE)) {
            for (int tileBatch : new int[] {1, 4}) {
              for (boolean isOwnDevice : new boolean[] {false, true}) {
                var levers = new Levers(scheduler, follows, residence, tileBatch, isOwnDevice);
                try (Model model =
                    alcedo.load(levers.options().withBackend(backend), Progress.NONE)) {
                  List<Token> got =
                      Levers.ask(model, Levers.smallPicture(1), Levers.smallPicture(3));
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
        Model model = alcedo.load(levers.options(), Progress.NONE)) {
      Levers.ask(model, Levers.picture(2)); // warm
      var times = new TreeSet<Duration>();
      for (int number : new int[] {1, 3, 4}) {
        long start = System.nanoTime();
        Image image = model.prepare(Levers.picture(number));
        try (Session session = model.openSession()) {
          session.generate(Levers.question(image)).next();
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
    return Levers.device("npu", Duration.ofMillis(40), Duration.ofMillis(10));
  }

  @Test
  void preparedPicturesCostAQuestionNoWait() {
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(npu()));
        Model model =
            alcedo.load(
                new Levers("chunked", Lever.OFF, Residence.KEEP, 4, true).options(),
                Progress.NONE);
        Session session = model.openSession()) {
      Image image = model.prepare(Levers.picture(1));
      Answer waited = session.generate(Levers.question(image)).await();
      assertTrue(waited.statistics().imageWait().toMillis() >= 40, "the device took this long");
      Image known = model.prepared(image.handle());
      Answer prepared = session.generate(Levers.question(known)).await();
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
                new Levers("pipelined", Lever.ON, Residence.KEEP, 1, true).options(),
                Progress.NONE)) {
      Levers.ask(model, Levers.picture(2), Levers.picture(1));
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
