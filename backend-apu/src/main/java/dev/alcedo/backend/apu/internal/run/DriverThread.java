// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.runtime.api.BackendException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one thread that calls the driver, and the watch over it: a call that does not come back in
/// time fails, and so does every later one. What is to be freed then waits in the thread's queue,
/// in case the driver does come back: until then it may still read and write that memory.
final class DriverThread implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("apu-driver").unstarted(task));
  private volatile @Nullable String hungIn;

  /// Has `work` done and waits for it. An interrupt does not end the wait; it is left to be seen.
  ///
  /// @param what for the message, e.g. `compiling network 'text.blocks'`
  /// @throws BackendException if it takes longer than `limit`, or an earlier call did
  <T> T call(String what, Duration limit, Supplier<T> work) {
    requireResponsive();
    var abandoned = new Abandonment<T>(work);
    Future<T> future = executor.submit(abandoned::run);
    boolean isInterrupted = false;
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          isInterrupted = true;
        }
      }
    } catch (TimeoutException _) {
      hungIn = what;
      abandoned.abandon();
      throw new BackendException(
          "the Neuron driver did not come back from %s within %.1f s"
              .formatted(what, limit.toMillis() / 1000.0));
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Frees something by the driver's thread; waits for it only if the driver answers.
  void release(Duration limit, Runnable work) {
    if (hungIn == null) {
      call(
          "freeing",
          limit,
          () -> {
            work.run();
            return true;
          });
    } else {
      executor.execute(work);
    }
  }

  /// Whether a call did not come back.
  boolean isHung() {
    return hungIn != null;
  }

  private void requireResponsive() {
    if (hungIn != null) {
      throw new BackendException("the Neuron driver never came back from " + hungIn);
    }
  }

  /// Ends the thread when its queue is empty.
  @Override
  public void close() {
    executor.shutdown();
  }

  /// Work whose caller may give up: a resource that it makes after that is closed.
  private static final class Abandonment<T> {
    private final Supplier<T> work;
    private boolean isAbandoned;
    private boolean isDone;
    private @Nullable T result;

    Abandonment(Supplier<T> work) {
      this.work = work;
    }

    T run() {
      T made = work.get();
      synchronized (this) {
        isDone = true;
        result = made;
        if (isAbandoned) {
          discard();
        }
      }
      return made;
    }

    synchronized void abandon() {
      isAbandoned = true;
      if (isDone) {
        discard();
      }
    }

    private void discard() {
      if (result instanceof AutoCloseable resource) {
        try {
          resource.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
