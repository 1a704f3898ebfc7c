// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.ask;
import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.drain;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.SessionFixture.Outcome;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.testkit.AssertingBackend;
import dev.alcedo.testkit.CrankyBackend;
import dev.alcedo.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Backends that fail, and whether the engine keeps the rules towards them.
@ExtendWith(Seeds.class)
class SessionFailureTest {
  private final CrankyBackend cranky = new CrankyBackend(new ScalarBackendProvider());
  private final AssertingBackend asserting = new AssertingBackend(cranky);

  @TempDir Path folder;

  private ModelOptions options() {
    return SessionFixture.toy(folder, asserting.id()).withChunkLength(16);
  }

  @Test
  void aFailedRunLeavesNothingThatTheNextRequestUses() {
    try (var toy = SessionFixture.open(options(), asserting)) {
      var request = completion(ids("cranky", 40), greedy(10));
      int before = asserting.runCount();
      Outcome expected = toy.fresh(request);
      int runs = asserting.runCount() - before;
      assertTrue(runs > 15, "prefill, decode and logits, got " + runs);
      for (int n = 1; n <= runs; n++) {
        try (Session session = toy.session()) {
          // Not a BackendException, after which all else would run on cpu.
          cranky.failRun(n, () -> new IllegalStateException("cranky: run failed as told"));
          var stream = session.generate(request);
          assertThrows(BackendException.class, stream::await, "run " + n);
          assertEquals(expected.ids(), ask(session, request).ids(), "after failed run " + n);
        }
      }
    }
    asserting.verify();
  }

  @Test
  void aFailedRunKeepsTheAnswersOfSessionsThatWereNotInIt() {
    try (var toy = SessionFixture.open(options().withScheduler("sequential"), asserting);
        Session one = toy.session();
        Session two = toy.session()) {
      var request = completion(ids("cranky", 40), greedy(10));
      Outcome expected = toy.fresh(request);
      cranky.failRun(3);
      var failing = one.generate(request);
      assertThrows(BackendException.class, failing::await);
      assertEquals(expected.ids(), ask(two, request).ids());
      assertEquals(expected.ids(), ask(one, request).ids());
    }
    asserting.verify();
  }

  @Test
  void whateverABackendThrowsTheEngineLives() {
    List<Throwable> failures =
        List.of(
            new IllegalStateException("a bug"),
            new StackOverflowError("deep"),
            new InternalError("a fault occurred in mapped memory"),
            new NoClassDefFoundError("Missing"),
            new java.io.IOException("sneaked"));
    try (var toy = SessionFixture.open(options(), asserting);
        Session session = toy.session()) {
      var request = completion(ids("throws", 10), greedy(4));
      Outcome expected = ask(session, request);
      for (Throwable failure : failures) {
        cranky.failRun(2, () -> failure);
        var stream = session.generate(request);
        var e = assertThrows(BackendException.class, stream::await, failure.toString());
        assertEquals(failure, e.getCause());
        assertEquals(expected.ids(), ask(session, request).ids());
      }
      cranky.failRun(2, () -> new OutOfMemoryError("no more"));
      assertThrows(ResourceExhaustedException.class, session.generate(request)::await);
      assertEquals(expected.ids(), ask(session, request).ids());
    }
    asserting.verify();
  }

  @Test
  void whatWasCompiledIsClosedIfLoadingFails() {
    for (int n = 1; n <= 3; n++) {
      cranky.failCompile(n);
      ModelOptions options = options();
      assertThrows(VlmException.class, () -> SessionFixture.open(options, asserting), "graph " + n);
      asserting.verify();
    }
  }

  @Test
  void theEngineKeepsTheRulesOfBackends() {
    try (var toy = SessionFixture.open(options(), asserting)) {
      List<Session> sessions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        sessions.add(toy.session());
      }
      for (int round = 0; round < 3; round++) {
        int length = 10 + 40 * round;
        var streams =
            sessions.stream()
                .map(s -> s.generate(completion(ids("rules", length), greedy(100))))
                .toList();
        streams.forEach(s -> drain(s));
      }
    }
    asserting.verify();
  }
}
