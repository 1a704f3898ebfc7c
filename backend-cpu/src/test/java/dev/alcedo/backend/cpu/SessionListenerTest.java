// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.ask;
import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.testkit.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What listeners hear and in which order, and what becomes of listeners that break their promise.
/// The timeout only turns a hang into a failure.
@ExtendWith(Seeds.class)
@Timeout(120)
class SessionListenerTest {
  @TempDir Path folder;

  private ModelOptions options() {
    return SessionFixture.toy(folder, "cpu-scalar").withChunkLength(8);
  }

  private static final class Throwing extends RecordingListener {
    private final String when;
    private final RuntimeException runtime;
    private final Error error;

    Throwing(String when, RuntimeException runtime, Error error) {
      this.when = when;
      this.runtime = runtime;
      this.error = error;
    }

    @Override
    void heard(String event) {
      super.heard(event);
      if (event.startsWith(when)) {
        if (error != null) {
          throw error;
        }
        throw runtime;
      }
    }
  }

  @Test
  void progressThenTokensThenTheEndOnce() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      var events = new RecordingListener();
      session.generate(completion(ids("events", 20), greedy(3)), events).await();
      assertEquals(
          List.of(
              "prefill 8/20",
              "prefill 16/20",
              "prefill 20/20",
              "token 1",
              "token 2",
              "token 3",
              "finished LENGTH"),
          events.events());
      var reused = new RecordingListener();
      session.generate(completion(ids("events", 20), greedy(1)), reused).await();
      assertEquals(List.of("prefill 1/1", "token 1", "finished LENGTH"), reused.events());
    }
  }

  @Test
  void theListenerHearsBeforeTheStreamDelivers() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      var stream = new CompletableFuture<TokenStream>();
      var isDoneAt = new RecordingListener();
      var listener =
          new RecordingListener() {
            @Override
            void heard(String event) {
              isDoneAt.heard(event.split(" ")[0] + " " + stream.join().isDone());
            }
          };
      stream.complete(session.generate(completion(ids("events", 5), greedy(1)), listener));
      stream.join().await();
      assertEquals(List.of("prefill false", "token false", "finished false"), isDoneAt.events());
    }
  }

  @Test
  void badRequestsFailThroughStreamAndListener() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      int size = toy.model().tokenizer().vocabSize();
      for (int bad : new int[] {-1, size, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        var events = new RecordingListener();
        var stream = session.generate(completion(new int[] {1, bad}, greedy(1)), events);
        var e = assertThrows(InvalidRequestException.class, stream::await);
        assertTrue(e.getMessage().contains("got " + bad), e.getMessage());
        assertTrue(e.getMessage().contains("0 to " + (size - 1)), e.getMessage());
        assertEquals(List.of("failed invalid_request"), events.events());
      }
      var empty = session.generate(completion(new int[0], greedy(1)));
      assertThrows(InvalidRequestException.class, empty::await);
      // An empty text is the begin token alone.
      var begin = new Request.Completion(List.of(new PromptPart.Text("")), greedy(1));
      assertEquals(1, ask(session, begin).answer().statistics().promptTokenCount());
    }
  }

  @Test
  void aListenerThatThrowsEndsItsOwnRequestOnly() {
    try (var toy = SessionFixture.open(options());
        Session bad = toy.session();
        Session good = toy.session()) {
      List<Integer> expected = toy.fresh(completion(ids("good", 20), greedy(40))).ids();
      for (String when : List.of("prefill", "token 1", "token 3")) {
        for (boolean isError : List.of(false, true)) {
          var runtime = new IllegalArgumentException("listener");
          var error = isError ? new AssertionError("listener") : null;
          var listener = new Throwing(when, runtime, error);
          TokenStream other = good.generate(completion(ids("good", 20), greedy(40)));
          int[] prompt = ids(when + isError, 20);
          TokenStream stream = bad.generate(completion(prompt, greedy(5)), listener);
          var e = assertThrows(CancelledException.class, stream::await, when);
          assertSame(isError ? error : runtime, e.getCause());
          assertTrue(listener.events().getLast().startsWith(when), "it hears no more");
          assertEquals(expected, SessionFixture.drain(other).ids());
        }
      }
      assertEquals(5, ask(bad, completion(ids("bad", 20), greedy(5))).tokens().size());
    }
  }

  @Test
  void aListenerThatThrowsAtTheEndChangesNothing() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      var listener = new Throwing("finished", new IllegalArgumentException("listener"), null);
      var stream = session.generate(completion(ids("end", 20), greedy(5)), listener);
      assertEquals(5, stream.await().statistics().generatedTokenCount());
      var failing = new Throwing("failed", new IllegalArgumentException("listener"), null);
      var bad = session.generate(completion(new int[] {-1}, greedy(5)), failing);
      assertThrows(InvalidRequestException.class, bad::await);
      assertEquals(5, ask(session, completion(ids("end", 20), greedy(5))).tokens().size());
    }
  }
}
