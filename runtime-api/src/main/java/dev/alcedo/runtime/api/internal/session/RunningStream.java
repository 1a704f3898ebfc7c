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
import org.jspecify.annotations.Nullable;

/// The two ends of a running request: the engine puts tokens and an end in, the caller takes them
/// out or cancels.
final class RunningStream implements TokenStream {
  private final TokenListener listener;
  private final Cancellation cancellation = new Cancellation();
  private final Runnable onCancel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Token> tokens = new ArrayDeque<>();
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

  TokenListener listener() {
    return listener;
  }

  void put(Token token) {
    listener.token(token);
    lock.lock();
    try {
      tokens.add(token);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void finish(Answer result) {
    listener.finished(result);
    end(result, null);
  }

  void fail(VlmException cause) {
    listener.failed(cause);
    end(null, cause);
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
