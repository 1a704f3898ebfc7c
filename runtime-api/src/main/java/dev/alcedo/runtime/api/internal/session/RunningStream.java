// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Cancellation;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The two ends of a running request: the engine puts tokens and an end in, the caller takes them
/// out or cancels.
final class RunningStream implements TokenStream {
  private static final Logger LOG = LoggerFactory.getLogger(RunningStream.class);

  // Held while the listener is called: pictures report from another thread than the engine's, and a
  // listener hears one event at a time.
  private final ReentrantLock listening = new ReentrantLock();
  private final Cancellation cancellation = new Cancellation();
  private final Runnable onCancel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Token> tokens = new ArrayDeque<>();
  private TokenListener listener;
  private volatile @Nullable Throwable listenerFailure;
  private @Nullable Answer answer;
  private @Nullable VlmException failure;

  /// @param onCancel wakes whoever has to notice a cancellation
  RunningStream(TokenListener listener, Runnable onCancel) {
    this.listener = listener;
    this.onCancel = onCancel;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /// What a request that was cancelled fails with.
  CancelledException cancelled() {
    Throwable cause = listenerFailure;
    return cause == null
        ? new CancelledException("cancelled at the caller's request")
        : new CancelledException("cancelled because its listener threw " + cause, cause);
  }

  /// Tells the listener how far a long step is.
  void report(String step, long done, long total) {
    tell(l -> l.report(step, done, total));
  }

  void put(Token token) {
    tell(l -> l.token(token));
    lock.lock();
    try {
      tokens.add(token);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void finish(Answer result) {
    tellLast(l -> l.finished(result));
    end(result, null);
  }

  void fail(VlmException cause) {
    tellLast(l -> l.failed(cause));
    end(null, cause);
  }

  private void tellLast(Consumer<TokenListener> event) {
    listening.lock();
    try {
      tell(event);
      listener = TokenListener.NONE; // a picture may still report: nothing follows the last event
    } finally {
      listening.unlock();
    }
  }

  /// Calls the listener. One that throws must not take the engine's thread and other requests with
  /// it: it hears no more, and its own request is cancelled.
  private void tell(Consumer<TokenListener> event) {
    listening.lock();
    try {
      event.accept(listener);
    } catch (Throwable e) { // a plugin of the caller: may throw anything
      LOG.warn("a listener threw {}; its request is cancelled", e.getClass().getName());
      listener = TokenListener.NONE;
      listenerFailure = e;
      cancel();
    } finally {
      listening.unlock();
    }
  }

  private void end(@Nullable Answer result, @Nullable VlmException cause) {
    lock.lock();
    try {
      answer = result;
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Token> next() {
    lock.lock();
    try {
      while (tokens.isEmpty() && !isEnded()) {
        waitForChange();
      }
      if (!tokens.isEmpty()) {
        return Optional.of(tokens.remove());
      }
      if (failure != null) {
        throw failure;
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Answer await() {
    lock.lock();
    try {
      while (!isEnded()) {
        waitForChange();
      }
      if (failure != null) {
        throw failure;
      }
      return java.util.Objects.requireNonNull(answer);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cancel() {
    cancellation.cancel();
    onCancel.run();
  }

  @Override
  public boolean isDone() {
    lock.lock();
    try {
      return isEnded();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnded() {
    return answer != null || failure != null;
  }

  private void waitForChange() {
    try {
      changed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("interrupted while waiting for an answer", e);
    }
  }
}
