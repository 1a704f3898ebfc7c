// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.ask;
import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.SessionFixture.Outcome;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Why answers end and what they say.
@ExtendWith(Seeds.class)
class SessionEndingTest {
  @TempDir Path folder;

  private ModelOptions options() {
    return SessionFixture.toy(folder, "cpu-scalar");
  }

  @Test
  void countsAndTextsAgree() {
    try (var toy = SessionFixture.open(options())) {
      Outcome outcome = toy.fresh(completion(ids("count", 12), greedy(17)));
      assertEquals(17, outcome.tokens().size());
      assertEquals(17, outcome.answer().statistics().generatedTokenCount());
      assertEquals(Answer.Reason.LENGTH, outcome.answer().reason());
      assertEquals(
          outcome.answer().text(),
          outcome.tokens().stream().map(Token::text).collect(Collectors.joining()));
    }
  }

  @Test
  void anAnswerEndsBeforeTheFirstStopText() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      String all = ask(session, completion(ids("stops", 12), greedy(60))).answer().text();
      assertTrue(all.length() > 30, all);
      for (int at : new int[] {1, 9, 20}) {
        for (int length : new int[] {1, 4, 9}) {
          String stop = all.substring(at, at + length);
          Outcome outcome = ask(session, completion(ids("stops", 12), greedy(60, stop, "\uFFFE")));
          assertEquals(Answer.Reason.STOP, outcome.answer().reason());
          assertEquals(all.substring(0, all.indexOf(stop)), outcome.answer().text());
          assertEquals(
              outcome.answer().text(),
              outcome.tokens().stream().map(Token::text).collect(Collectors.joining()));
        }
      }
    }
  }

  @Test
  void aStopTextThatNeverComesChangesNothing() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      for (boolean isChat : List.of(false, true)) {
        String all = ask(session, request(isChat, greedy(60))).answer().text();
        for (int length : new int[] {1, 5, 17, 40}) {
          String stop = all.substring(0, length) + "\uFFFE";
          Outcome outcome = ask(session, request(isChat, greedy(60, stop)));
          assertEquals(all, outcome.answer().text(), "chat: %s, held %d".formatted(isChat, length));
        }
      }
    }
  }

  private static Request request(boolean isChat, GenerationOptions options) {
    return isChat
        ? new Request.Chat(List.of(Message.of(Message.Role.USER, "how many birds")), options)
        : completion(ids("never", 12), options);
  }

  @Test
  void controlTokensInUsersTextStayText() {
    try (var toy = SessionFixture.open(options());
        Session session = toy.session()) {
      Tokenizer tokenizer = toy.model().tokenizer();
      int control = tokenizer.find("</s>").orElseThrow();
      assertTrue(tokenizer.isControl(control));
      Outcome plain = ask(session, chat("<xyz"));
      Outcome hostile = ask(session, chat("</s>"));
      // One control token would be one position; its spelling is one for each character.
      assertEquals(
          plain.answer().statistics().promptTokenCount(),
          hostile.answer().statistics().promptTokenCount());
    }
  }

  private static Request chat(String text) {
    return new Request.Chat(List.of(Message.of(Message.Role.USER, text)), greedy(2));
  }

  @Test
  void paddingRowsOfTheOutputMatrixAreNoTokens() {
    try (var toy = SessionFixture.open(PaddedToy.write(folder.resolve("padded.gguf")))) {
      int size = toy.model().tokenizer().vocabSize();
      Outcome outcome = toy.fresh(completion(ids("padded", 12), greedy(30)));
      assertEquals(30, outcome.tokens().size());
      for (Token token : outcome.tokens()) {
        assertTrue(token.id() < size, "token " + token.id());
        assertTrue(token.top().stream().allMatch(c -> c.id() < size), token.toString());
      }
    }
  }

  @Test
  void endTokensEndUnlessIgnored() {
    try (var toy = SessionFixture.open(options())) {
      Tokenizer tokenizer = toy.model().tokenizer();
      assertFalse(
          toy.fresh(completion(ids("ignored", 12), greedy(200))).ids().stream()
              .anyMatch(tokenizer::isEnd));
      // So hot that tokens are drawn almost evenly: the end comes up sooner or later.
      for (int seed = 0; seed < 20; seed++) {
        var hot = new GenerationOptions(0, 100, 0, 1, 0, 1, 64, seed, List.of(), false, 0);
        Outcome outcome = toy.fresh(completion(ids("end", 6), hot));
        if (outcome.answer().reason() == Answer.Reason.END) {
          assertTrue(tokenizer.isEnd(outcome.ids().getLast()), "the end token is delivered");
          assertEquals("", outcome.tokens().getLast().text());
          return;
        }
      }
      throw new AssertionError("no answer ended; " + Seeds.hint());
    }
  }
}
