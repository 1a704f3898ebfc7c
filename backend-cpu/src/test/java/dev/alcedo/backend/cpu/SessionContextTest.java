// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.ask;
import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static dev.alcedo.backend.cpu.SessionFixture.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.SessionFixture.Outcome;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.testkit.Seeds;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What a session keeps from request to request, and where its context ends.
@ParameterizedClass
@MethodSource("dev.alcedo.backend.cpu.SessionFixture#backends")
@ExtendWith(Seeds.class)
class SessionContextTest {
  private final ModelOptions options;

  SessionContextTest(String backend, @TempDir Path folder) {
    options = SessionFixture.toy(folder, backend);
  }

  private static int[] answerIds(Outcome outcome) {
    return outcome.ids().stream().mapToInt(i -> i).toArray();
  }

  @Test
  void aSharedPrefixIsNotComputedAgain() {
    try (var toy = SessionFixture.open(options);
        Session session = toy.session()) {
      int[] first = ids("prefix", 30);
      Outcome one = ask(session, completion(first, greedy(8)));
      assertEquals(0, one.answer().statistics().reusedTokenCount());

      // The conversation goes on: prompt and answer but its last token, which was never run.
      int[] second = join(join(first, answerIds(one)), ids("more", 5));
      Outcome two = ask(session, completion(second, greedy(8)));
      assertEquals(30 + 7, two.answer().statistics().reusedTokenCount());
      assertEquals(toy.fresh(completion(second, greedy(8))).ids(), two.ids());

      // Back to the first question with another end: the cache holds more than is shared.
      int[] third = join(java.util.Arrays.copyOf(first, 20), ids("else", 9));
      Outcome three = ask(session, completion(third, greedy(8)));
      assertEquals(20, three.answer().statistics().reusedTokenCount());
      assertEquals(toy.fresh(completion(third, greedy(8))).ids(), three.ids());
    }
  }

  @Test
  void theSamePromptAgainRunsItsLastPosition() {
    try (var toy = SessionFixture.open(options);
        Session session = toy.session()) {
      Outcome one = ask(session, completion(ids("again", 30), greedy(8)));
      Outcome two = ask(session, completion(ids("again", 30), greedy(8)));
      assertEquals(29, two.answer().statistics().reusedTokenCount());
      assertEquals(one.ids(), two.ids());
      Outcome beginning = ask(session, completion(ids("again", 1), greedy(3)));
      assertEquals(0, beginning.answer().statistics().reusedTokenCount());
      assertEquals(toy.fresh(completion(ids("again", 1), greedy(3))).ids(), beginning.ids());
    }
  }

  @Test
  void aPromptBeyondTheContextIsRefusedAndTheSessionStaysUsable() {
    try (var toy = SessionFixture.open(options.withContextLength(32));
        Session session = toy.session()) {
      Outcome before = ask(session, completion(ids("fits", 20), greedy(3)));
      var stream = session.generate(completion(ids("long", 33), greedy(3)));
      var e = assertThrows(ResourceExhaustedException.class, stream::await);
      assertTrue(e.getMessage().contains("33 positions"), e.getMessage());
      assertTrue(e.getMessage().contains("context of 32"), e.getMessage());
      Outcome after = ask(session, completion(ids("fits", 20), greedy(3)));
      assertEquals(before.ids(), after.ids());
      assertEquals(19, after.answer().statistics().reusedTokenCount(), "the cache was not lost");
    }
  }

  @Test
  void answersEndWhereTheContextDoes() {
    try (var toy = SessionFixture.open(options.withContextLength(32))) {
      assertEquals(32, toy.model().info().contextLength());
      for (int prompt : new int[] {20, 31, 32}) {
        Outcome outcome = toy.fresh(completion(ids("full", prompt), greedy(0)));
        assertEquals(Answer.Reason.LENGTH, outcome.answer().reason());
        assertEquals(Math.max(1, 32 - prompt), outcome.tokens().size(), prompt + " positions");
        assertEquals(prompt, outcome.answer().statistics().promptTokenCount());
      }
    }
  }

  @Test
  void aFullSessionCanBeAskedAgain() {
    try (var toy = SessionFixture.open(options.withContextLength(32));
        Session session = toy.session()) {
      ask(session, completion(ids("full", 32), greedy(0)));
      Outcome again = ask(session, completion(ids("full", 30), greedy(0)));
      assertEquals(29, again.answer().statistics().reusedTokenCount());
      assertEquals(toy.fresh(completion(ids("full", 30), greedy(0))).ids(), again.ids());
    }
  }

  @Test
  void aContextLongerThanTheTrainedOneMayBeAskedFor() {
    try (var toy = SessionFixture.open(options.withContextLength(600));
        Session session = toy.session()) {
      assertEquals(600, session.contextLength());
      assertEquals(512, toy.model().info().contextLengthTrained());
      assertEquals(8, ask(session, completion(ids("long", 590), greedy(8))).tokens().size());
    }
  }
}
