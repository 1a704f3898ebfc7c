// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.ask;
import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.drain;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static dev.alcedo.backend.cpu.SessionFixture.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.SessionFixture.Outcome;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What must not matter to an answer: how a prompt is cut, who else runs, who schedules.
@ParameterizedClass
@MethodSource("dev.alcedo.backend.cpu.SessionFixture#backends")
@ExtendWith(Seeds.class)
class SessionAgreementTest {
  private final ModelOptions options;
  private final float tolerance;

  SessionAgreementTest(String backend, @TempDir Path folder) {
    options = SessionFixture.toy(folder, backend);
    // Scalar kernels sum in one order. The vector kernels sum in another order for one row than for
    // many; a key, value, probability or (F16 weights) activation at the edge between two F16
    // numbers
    // may then become its neighbour, 1e-3 of its size away. Two blocks pass that on to
    // log-probabilities of 1 to 4: of one number at most 1e-3, of several that do not cancel 3e-3.
    tolerance = backend.equals("cpu-scalar") ? 1e-4f : 3e-3f;
  }

  private void assertSame(Outcome expected, Outcome got, String what) {
    assertEquals(expected.ids(), got.ids(), what);
    assertEquals(expected.answer().text(), got.answer().text(), what);
    for (int step = 0; step < expected.tokens().size(); step++) {
      List<Token.Candidate> top = expected.tokens().get(step).top();
      List<Token.Candidate> other = got.tokens().get(step).top();
      assertEquals(top.size(), other.size(), what);
      for (int i = 0; i < top.size(); i++) {
        assertEquals(
            top.get(i).logProbability(),
            other.get(i).logProbability(),
            tolerance,
            "%s: step %d, rank %d".formatted(what, step, i));
      }
    }
  }

  @Test
  void greedyAnswersRepeat() {
    try (var toy = SessionFixture.open(options)) {
      Outcome first = toy.fresh(completion(ids("repeat", 40), greedy(30)));
      assertEquals(30, first.tokens().size());
      assertTrue(first.ids().stream().distinct().count() > 3, "a model that says one thing");
      assertEquals(first.tokens(), toy.fresh(completion(ids("repeat", 40), greedy(30))).tokens());
    }
  }

  @Test
  void chunkLengthDoesNotMatter() {
    int[] prompt = ids("chunks", 150);
    Outcome expected;
    try (var toy = SessionFixture.open(options.withChunkLength(128))) {
      expected = toy.fresh(completion(prompt, greedy(12)));
    }
    for (int chunk : new int[] {1, 3, 149, 150, 200}) {
      try (var toy = SessionFixture.open(options.withChunkLength(chunk))) {
        assertSame(expected, toy.fresh(completion(prompt, greedy(12))), "chunks of " + chunk);
      }
    }
  }

  @Test
  void prefillEqualsDecodeSteps() {
    try (var toy = SessionFixture.open(options)) {
      int[] prompt = ids("prefill", 20);
      Outcome decoded = toy.fresh(completion(prompt, greedy(20)));
      for (int n : new int[] {1, 7, 19}) {
        int[] longer =
            join(prompt, decoded.ids().subList(0, n).stream().mapToInt(i -> i).toArray());
        Outcome prefilled = toy.fresh(completion(longer, greedy(20 - n)));
        List<Token> rest = decoded.tokens().subList(n, 20);
        assertEquals(rest.stream().map(Token::id).toList(), prefilled.ids());
        assertEquals(
            rest.getFirst().top().getFirst().logProbability(),
            prefilled.tokens().getFirst().top().getFirst().logProbability(),
            tolerance);
      }
    }
  }

  @Test
  void othersThatRunDoNotMatter() {
    for (String scheduler : List.of("chunked", "sequential")) {
      // Chunks shorter than prompts, so that prefill and decode of different sessions share runs.
      try (var toy = SessionFixture.open(options.withChunkLength(16).withScheduler(scheduler))) {
        List<Outcome> alone = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          alone.add(toy.fresh(completion(ids("session " + i, 10 + 13 * i), greedy(25))));
        }
        List<Session> sessions = new ArrayList<>();
        List<TokenStream> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          sessions.add(toy.session());
          int[] prompt = ids("session " + i, 10 + 13 * i);
          streams.add(sessions.get(i).generate(completion(prompt, greedy(25))));
        }
        for (int i = 0; i < 5; i++) {
          assertSame(alone.get(i), drain(streams.get(i)), scheduler + ", session " + i);
        }
        sessions.forEach(Session::close);
      }
    }
  }

  @Test
  void moreSessionsThanLogitRows() {
    try (var toy = SessionFixture.open(options)) {
      Outcome expected = toy.fresh(completion(ids("many", 6), greedy(10)));
      List<Session> sessions = new ArrayList<>();
      List<TokenStream> streams = new ArrayList<>();
      for (int i = 0; i < 19; i++) {
        sessions.add(toy.session());
        streams.add(sessions.get(i).generate(completion(ids("many", 6), greedy(10))));
      }
      for (TokenStream stream : streams) {
        assertSame(expected, drain(stream), "one of 19");
      }
      sessions.forEach(Session::close);
    }
  }

  @Test
  void theCacheGrowsWithoutChangingAnswers() {
    // 300 positions cross the first capacity of 256, in decode and in prefill.
    try (var toy = SessionFixture.open(options);
        Session session = toy.session()) {
      int[] prompt = ids("growth", 240);
      Outcome grown = ask(session, completion(prompt, greedy(60)));
      int[] longer = join(prompt, grown.ids().subList(0, 50).stream().mapToInt(i -> i).toArray());
      Outcome fresh = toy.fresh(completion(longer, greedy(10)));
      assertEquals(grown.ids().subList(50, 60), fresh.ids());
    }
  }
}
