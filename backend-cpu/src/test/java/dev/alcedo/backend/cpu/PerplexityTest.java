// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Perplexity;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.TextTrust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Log-probabilities of given tokens, and what is made of them.
class PerplexityTest {
  private static final String TEXT =
      "the cat sees a big red dog and one two three moons. ".repeat(30);

  @TempDir Path folder;

  private SessionFixture open(int chunkLength) {
    return SessionFixture.open(
        SessionFixture.toy(folder, "cpu").withContextLength(128).withChunkLength(chunkLength));
  }

  /// Scores of a text that the model generated are what it reported while generating.
  @Test
  void scoresAreThoseOfGenerating() {
    try (var fixture = open(16)) {
      int[] prompt = SessionFixture.ids("scored", 20);
      var answer = fixture.fresh(SessionFixture.completion(prompt, SessionFixture.greedy(30)));
      int[] all = SessionFixture.join(prompt, answer.ids().stream().mapToInt(i -> i).toArray());
      double[] scores = fixture.model().logProbabilities(all, 20, new Cancellation());
      assertEquals(30, scores.length);
      for (int i = 0; i < 30; i++) {
        Token.Candidate best = answer.tokens().get(i).top().getFirst();
        assertEquals(answer.tokens().get(i).id(), best.id());
        assertEquals(best.logProbability(), scores[i], 1e-4, "token " + i);
      }
    }
  }

  @Test
  void chunksDoNotMatter() {
    int[] tokens = SessionFixture.ids("chunked", 100);
    double[] expected = null;
    for (int chunkLength : new int[] {128, 1, 7, 33}) {
      try (var fixture = open(chunkLength)) {
        double[] all = fixture.model().logProbabilities(tokens, 1, new Cancellation());
        assertEquals(99, all.length);
        expected = expected == null ? all : expected;
        // Sums in another order now and then round a key to the next F16 number.
        assertArrayEquals(expected, all, 2e-3, "chunks of " + chunkLength);
        for (int from : new int[] {2, 50, 99}) {
          assertArrayEquals(
              Arrays.copyOfRange(all, from - 1, 99),
              fixture.model().logProbabilities(tokens, from, new Cancellation()),
              2e-3);
        }
      }
    }
  }

  @Test
  void perplexityScoresTheSecondHalvesOfChunks() {
    try (var fixture = open(32)) {
      var tokenizer = fixture.model().tokenizer();
      int[] tokens = tokenizer.encode(TEXT, true, TextTrust.NONE);
      int begin = tokenizer.beginId().orElseThrow();
      assertEquals(begin, tokens[0]);
      List<Perplexity> heard = new ArrayList<>();
      Perplexity result = fixture.model().perplexity(TEXT, 40, heard::add, new Cancellation());
      double sum = 0;
      int count = 0;
      for (int i = 0; i < tokens.length / 40; i++) {
        int[] chunk = Arrays.copyOfRange(tokens, 40 * i, 40 * i + 40);
        chunk[0] = begin;
        double[] scores = fixture.model().logProbabilities(chunk, 1, new Cancellation());
        for (int p = 21; p < 40; p++) { // tokens 21 to 39 of 0 to 39
          sum -= scores[p - 1];
          count++;
        }
      }
      assertEquals(Math.exp(sum / count), result.perplexity(), 1e-3 * result.perplexity());
      assertEquals(count, result.tokenCount());
      assertEquals(tokens.length / 40, result.chunkCount());
      assertEquals(result.chunkCount(), heard.size());
      assertEquals(result, heard.getLast());
      assertTrue(result.error() > 0 && result.error() < result.perplexity());
    }
  }

  @Test
  void sessionsGoOnMeanwhile() throws Exception {
    try (var fixture = open(16);
        var session = fixture.session()) {
      int[] prompt = SessionFixture.ids("meanwhile", 12);
      var request = SessionFixture.completion(prompt, SessionFixture.greedy(60));
      var alone = fixture.fresh(request);
      int[] tokens = SessionFixture.ids("scored", 60);
      double[] expected = fixture.model().logProbabilities(tokens, 1, new Cancellation());
      var stream = session.generate(request);
      for (int i = 0; i < 5; i++) {
        assertArrayEquals(
            expected, fixture.model().logProbabilities(tokens, 1, new Cancellation()), 0);
      }
      assertEquals(alone.ids(), SessionFixture.drain(stream).ids());
    }
  }

  @Test
  void refusesWhatCannotBeScored() {
    try (var fixture = open(16)) {
      var model = fixture.model();
      var none = new Cancellation();
      refused("got 1", () -> model.logProbabilities(new int[1], 1, none));
      refused("2 to 128", () -> model.logProbabilities(new int[129], 1, none));
      refused("from", () -> model.logProbabilities(new int[9], 0, none));
      refused("from", () -> model.logProbabilities(new int[9], 9, none));
      refused("-1 at position 2", () -> model.logProbabilities(new int[] {1, 2, -1}, 1, none));
      refused("two chunks", () -> model.perplexity("short", 64, _ -> {}, none));
      refused("4 to 128", () -> model.perplexity(TEXT, 129, _ -> {}, none));
      refused("4 to 128", () -> model.perplexity(TEXT, 3, _ -> {}, none));
    }
  }

  @Test
  void canBeCancelledBetweenChunks() {
    try (var fixture = open(16)) {
      var cancellation = new Cancellation();
      List<Perplexity> heard = new ArrayList<>();
      assertThrows(
          CancelledException.class,
          () ->
              fixture
                  .model()
                  .perplexity(
                      TEXT,
                      16,
                      so -> {
                        heard.add(so);
                        cancellation.cancel();
                      },
                      cancellation));
      assertEquals(1, heard.size());
    }
  }

  @Test
  void aClosedModelScoresNothing() {
    try (var fixture = open(16)) {
      fixture.model().close();
      assertThrows(
          IllegalStateException.class,
          () -> fixture.model().logProbabilities(new int[5], 1, new Cancellation()));
    }
  }

  private static void refused(String words, Runnable call) {
    var e = assertThrows(InvalidRequestException.class, call::run);
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
