// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.BusException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request on its way: a thread of its own that may wait, a deadline, and a client that may
/// leave. Whoever stops it interrupts the thread, which then fails with the reason.
final class Call {
  private final Context context = Vertx.currentContext();
  private final HttpServerResponse response;
  private final ErrorShape errorShape;
  private final Duration timeMax;
  private final Duration stallMax;
  private final long startNanos = System.nanoTime();
  private final Object lock = new Object();
  private @Nullable Thread thread;
  private @Nullable HttpFailure reason;
  private boolean isEnded;

  /// Made on the response's event loop.
  ///
  /// @param errorShape how its client is told of failures
  /// @param timeMax until the answer must be complete
  /// @param stallMax a client may take so long to read what it is sent
  Call(HttpServerResponse response, ErrorShape errorShape, Duration timeMax, Duration stallMax) {
    this.response = response;
    this.errorShape = errorShape;
    this.timeMax = timeMax;
    this.stallMax = stallMax;
  }

  /// Does `work` on the calling thread, which a stop interrupts.
  void run(Runnable work) {
    synchronized (lock) {
      thread = Thread.currentThread();
      if (reason != null) {
        thread.interrupt();
      }
    }
    try {
      work.run();
    } finally {
      synchronized (lock) {
        thread = null;
        isEnded = true;
      }
    }
  }

  /// Ends the request early.
  void stop(HttpFailure why) {
    synchronized (lock) {
      if (isEnded || reason != null) {
        return;
      }
      reason = why;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  long remainingNanos() {
    return timeMax.toNanos() - (System.nanoTime() - startNanos);
  }

  HttpFailure late() {
    return HttpFailure.busy(
        504,
        "deadline_exceeded",
        "not done within %d seconds; ask for less".formatted(timeMax.toSeconds()));
  }

  /// Why a wait was interrupted.
  HttpFailure stopped() {
    synchronized (lock) {
      return reason == null ? HttpFailure.busy(503, "cancelled", "cancelled") : reason;
    }
  }

  /// Waits for the bus.
  ///
  /// @throws HttpFailure if it fails, takes too long or the call is stopped
  <T> T await(Future<T> future) {
    return await(future, remainingNanos(), late());
  }

  /// Waits for the next event.
  ///
  /// @throws HttpFailure if it takes too long or the call is stopped
  <T> T take(BlockingQueue<T> queue) {
    try {
      // Also where events come faster than they can be sent on.
      long nanos = remainingNanos();
      T next = nanos <= 0 ? null : queue.poll(nanos, TimeUnit.NANOSECONDS);
      if (next == null) {
        throw late();
      }
      return next;
    } catch (InterruptedException e) {
      throw stopped();
    }
  }

  /// Sends a piece and waits until the client has room for more: what it does not read does not
  /// pile up.
  ///
  /// @throws HttpFailure if the client does not read, or is gone
  void write(Buffer piece) {
    await(
        onLoop(() -> response.write(piece)),
        stallMax.toNanos(),
        HttpFailure.busy(503, "slow_client", "the client does not read its answer"));
  }

  /// Begins a stream.
  void begin(String contentType) {
    await(
        onLoop(() -> {
          response
              .setChunked(true)
              .putHeader("Content-Type", contentType)
              .putHeader("Cache-Control", "no-store")
              .putHeader("X-Accel-Buffering", "no");
          return response.writeHead();
        }),
        stallMax.toNanos(),
        late());
  }

  /// Ends a stream.
  void end() {
    onLoop(response::end);
  }

  /// Ends the connection in the middle of a stream.
  void abort() {
    onLoop(() -> response.reset().recover(_ -> Future.succeededFuture()));
  }

  /// Sends a whole reply. A client that is gone misses it.
  void reply(int status, JsonObject body) {
    onLoop(() -> Reply.send(response, status, body));
  }

  /// Says why there is no answer.
  void fail(HttpFailure failure) {
    reply(failure.status(), errorShape.json(failure));
  }

  /// How its client is told of failures.
  ErrorShape errorShape() {
    return errorShape;
  }

  private Future<Void> onLoop(java.util.function.Supplier<Future<Void>> action) {
    Promise<Void> promise = Promise.promise();
    context.runOnContext(_ -> {
      try {
        action.get().onComplete(promise);
      } catch (IllegalStateException e) { // the connection is closed
        promise.tryFail(e);
      }
    });
    return promise.future();
  }

  private <T> T await(Future<T> future, long nanos, HttpFailure late) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw stopped();
    } catch (TimeoutException e) {
      throw late;
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case BusException over -> HttpFailure.of(over);
        case HttpFailure failure -> failure;
        default -> gone();
      };
    }
  }

  /// The client has left.
  static HttpFailure gone() {
    return HttpFailure.busy(499, "client_gone", "the client has left");
  }
}
