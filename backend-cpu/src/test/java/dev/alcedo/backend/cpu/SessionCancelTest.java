// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.ask;
import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.SessionFixture.Outcome;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.testkit.AssertingBackend;
import dev.alcedo.testkit.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Requests that are given up, at every point of their way; sessions and models closed under them.
/// The timeout only turns a hang into a failure.
@ExtendWith(Seeds.class)
@Timeout(120)
class SessionCancelTest {
  private final AssertingBackend backend = new AssertingBackend(new ScalarBackendProvider());

  @TempDir Path folder;

  private ModelOptions options() {
    return SessionFixture.toy(folder, backend.id()).withChunkLength(8);
  }

  @AfterEach
  void theEngineKeptTheRules() {
    backend.verify();
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(t -> t.getName().startsWith("alcedo-engine")),
        "an engine thread was left");
  }

  /// Cancels its stream when asked to by `when`.
  private static final class Canceller extends RecordingListener {
    private final CompletableFuture<TokenStream> stream = new CompletableFuture<>();
    private final String when;

    Canceller(String when) {
      this.when = when;
    }

    @Override
    void heard(String event) {
      super.heard(event);
      if (event.startsWith(when)) {
        stream.join().cancel();
      }
    }
  }

  private static Canceller cancelAt(Session session, String when) {
    var canceller = new Canceller(when);
    canceller.stream.complete(
        session.generate(completion(ids("cancel", 50), greedy(20)), canceller));
    assertThrows(CancelledException.class, () -> canceller.stream.join().await());
    assertTrue(canceller.stream.join().isDone());
    return canceller;
  }

  @Test
  void duringPrefillTheNextRequestGoesOnFromThere() {
    try (var toy = SessionFixture.open(options(), backend);
        Session session = toy.session()) {
      Canceller events = cancelAt(session, "prefill 16/50");
      assertEquals(List.of("prefill 8/50", "prefill 16/50", "failed cancelled"), events.events());
      Outcome next = ask(session, completion(ids("cancel", 50), greedy(20)));
      assertEquals(16, next.answer().statistics().reusedTokenCount());
      assertEquals(toy.fresh(completion(ids("cancel", 50), greedy(20))).ids(), next.ids());
    }
  }

  @Test
  void duringDecodeTheSessionStaysUsable() {
    try (var toy = SessionFixture.open(options(), backend);
        Session session = toy.session()) {
      Canceller events = cancelAt(session, "token 3");
      assertEquals("token 3", events.events().get(events.events().size() - 2));
      Outcome next = ask(session, completion(ids("cancel", 50), greedy(20)));
      assertEquals(49, next.answer().statistics().reusedTokenCount());
      assertEquals(toy.fresh(completion(ids("cancel", 50), greedy(20))).ids(), next.ids());
    }
  }

  @Test
  void whileItWaitsForItsTurnARequestEndsAtOnce() {
    try (var toy = SessionFixture.open(options(), backend);
        Session session = toy.session()) {
      var gate = new CompletableFuture<Void>();
      var holding =
          new RecordingListener() {
            @Override
            void heard(String event) {
              super.heard(event);
              if (event.equals("token 1")) {
                gate.join();
              }
            }
          };
      TokenStream first = session.generate(completion(ids("cancel", 50), greedy(4)), holding);
      TokenStream waiting = session.generate(completion(ids("cancel", 50), greedy(4)));
      TokenStream third = session.generate(completion(ids("third", 9), greedy(4)));
      waiting.cancel();
      assertThrows(CancelledException.class, waiting::await);
      assertFalse(first.isDone(), "the first is held");
      gate.complete(null);
      assertEquals(4, first.await().statistics().generatedTokenCount());
      assertEquals(4, third.await().statistics().generatedTokenCount());
    }
  }

  @Test
  void cancellingAfterTheEndDoesNothing() {
    try (var toy = SessionFixture.open(options(), backend);
        Session session = toy.session()) {
      TokenStream stream = session.generate(completion(ids("cancel", 9), greedy(4)));
      String text = stream.await().text();
      stream.cancel();
      assertEquals(text, stream.await().text());
      assertEquals(4, ask(session, completion(ids("cancel", 9), greedy(4))).tokens().size());
    }
  }

  @Test
  void requestsOfASessionRunInTheOrderTheyCame() {
    try (var toy = SessionFixture.open(options(), backend);
        Session session = toy.session()) {
      var ended = new RecordingListener();
      List<TokenStream> streams =
          java.util.stream.IntStream.range(0, 12)
              .mapToObj(i ->
                  session.generate(
                      completion(ids("order " + i, 9), greedy(1)),
                      new RecordingListener() {
                        @Override
                        void heard(String event) {
                          if (event.startsWith("finished")) {
                            ended.heard(Integer.toString(i));
                          }
                        }
                      }))
              .toList();
      streams.forEach(TokenStream::await);
      assertEquals(
          java.util.stream.IntStream.range(0, 12).mapToObj(Integer::toString).toList(),
          ended.events());
    }
  }

  @Test
  void closingTheSessionCancelsWhatRunsAndWhatWaits() {
    try (var toy = SessionFixture.open(options(), backend)) {
      Session session = toy.session();
      TokenStream one = session.generate(completion(ids("close", 50), greedy(0)));
      TokenStream two = session.generate(completion(ids("close", 50), greedy(0)));
      one.next();
      session.close();
      assertThrows(CancelledException.class, one::await);
      assertThrows(CancelledException.class, two::await);
      var e =
          assertThrows(
              IllegalStateException.class,
              () -> session.generate(completion(ids("close", 5), greedy(1))));
      assertTrue(e.getMessage().contains("closed"), e.getMessage());
      session.close();
    }
  }

  @Test
  void closingTheModelEndsItsSessions() {
    var toy = SessionFixture.open(options(), backend);
    Session session = toy.session();
    TokenStream stream = session.generate(completion(ids("close", 50), greedy(0)));
    stream.next();
    toy.model().close();
    assertThrows(CancelledException.class, stream::await);
    assertThrows(IllegalStateException.class, toy::session);
    assertThrows(
        IllegalStateException.class,
        () -> session.generate(completion(ids("close", 5), greedy(1))));
    toy.model().close();
    toy.close();
    toy.close();
  }

  @Test
  void closingFromManyThreadsWhileRequestsArrive() throws InterruptedException {
    for (int round = 0; round < 5; round++) {
      var toy = SessionFixture.open(options(), backend);
      Thread[] askers = new Thread[3];
      for (int i = 0; i < askers.length; i++) {
        Session session = toy.session();
        askers[i] =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    while (true) {
                      session.generate(completion(ids("race", 20), greedy(3))).await();
                    }
                  } catch (CancelledException | IllegalStateException e) {
                    // The end: the session was closed before or during a request.
                  }
                });
      }
      Thread[] closers = {
        Thread.ofPlatform().start(() -> toy.model().close()), Thread.ofPlatform().start(toy::close)
      };
      for (Thread thread : closers) {
        thread.join();
      }
      for (Thread thread : askers) {
        thread.join();
      }
      toy.model().close();
    }
  }

  @Test
  void aListenerThatClosesIsToldInsteadOfHanging() {
    try (var toy = SessionFixture.open(options(), backend);
        Session session = toy.session()) {
      var stream =
          session.generate(
              completion(ids("close", 9), greedy(4)),
              new RecordingListener() {
                @Override
                void heard(String event) {
                  if (event.equals("token 2")) {
                    session.close();
                  }
                }
              });
      var e = assertThrows(CancelledException.class, stream::await);
      assertInstanceOf(IllegalStateException.class, e.getCause());
      assertTrue(e.getCause().getMessage().contains("another thread"), e.getCause().getMessage());
      assertEquals(4, ask(session, completion(ids("close", 9), greedy(4))).tokens().size());
    }
  }
}
