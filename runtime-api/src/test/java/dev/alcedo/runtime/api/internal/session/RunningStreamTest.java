// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.Statistics;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.VlmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunningStreamTest {
  private static final Duration ZERO = Duration.ZERO;
  private static final Answer ANSWER =
      new Answer(
          "ab",
          Answer.Reason.END,
          new Statistics(1, 0, 0, 0, 0, 2, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO));

  private final List<String> heard = new ArrayList<>();
  private final AtomicInteger cancellations = new AtomicInteger();
  private final RunningStream stream =
      new RunningStream(new Noting(), cancellations::incrementAndGet);

  private final class Noting implements TokenListener {
    @Override
    public void token(Token token) {
      heard.add("token " + token.id());
      if (token.id() == 13) {
        throw new IllegalArgumentException("unlucky");
      }
    }

    @Override
    public void report(String step, long done, long total) {
      heard.add(step);
    }

    @Override
    public void finished(Answer answer) {
      heard.add("finished, done " + stream.isDone());
    }

    @Override
    public void failed(VlmException cause) {
      heard.add("failed " + cause.code());
    }
  }

  private static Token token(int id) {
    return new Token(id, "", List.of());
  }

  @Test
  void deliversTokensInOrderThenTheEnd() {
    stream.put(token(1));
    stream.put(token(2));
    stream.finish(ANSWER);
    assertEquals(Optional.of(token(1)), stream.next());
    assertSame(ANSWER, stream.await(), "the answer does not wait for whoever reads tokens");
    assertEquals(Optional.of(token(2)), stream.next());
    assertEquals(Optional.empty(), stream.next());
    assertEquals(Optional.empty(), stream.next());
    assertEquals(List.of("token 1", "token 2", "finished, done false"), heard);
  }

  @Test
  void tokensBeforeAFailureAreStillDelivered() {
    stream.put(token(1));
    var cause = new BackendException("broken");
    stream.fail(cause);
    assertEquals(Optional.of(token(1)), stream.next());
    assertSame(cause, assertThrows(BackendException.class, stream::next));
    assertSame(cause, assertThrows(BackendException.class, stream::await));
    assertTrue(stream.isDone());
  }

  @Test
  void nothingFollowsTheLastEvent() {
    stream.fail(new BackendException("broken"));
    stream.report("image", 1, 2);
    assertEquals(List.of("failed backend"), heard);
  }

  @Test
  void aListenerThatThrowsIsHeardNoMoreAndItsRequestCancelled() {
    assertFalse(stream.cancellation().isCancelled());
    stream.put(token(13));
    assertTrue(stream.cancellation().isCancelled());
    assertEquals(1, cancellations.get());
    stream.put(token(14));
    CancelledException cancelled = stream.cancelled();
    assertEquals("unlucky", cancelled.getCause().getMessage());
    stream.fail(cancelled);
    assertEquals(List.of("token 13"), heard);
  }

  @Test
  void waitingIsInterruptible() {
    Thread.currentThread().interrupt();
    assertThrows(CancelledException.class, stream::await);
    assertTrue(Thread.interrupted(), "the flag is kept");
    Thread.currentThread().interrupt();
    assertThrows(CancelledException.class, stream::next);
    assertTrue(Thread.interrupted());
  }
}
