// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Reads bodies: each of limited size and within limited time, all together within a budget of
/// memory. On the request's event loop.
final class BodyReader {
  private final Vertx vertx;
  private final long bytesMax;
  private final long bytesMaxTogether;
  private final Duration timeMax;
  private final AtomicLong bytesHeld = new AtomicLong();

  BodyReader(Vertx vertx, long bytesMax, long bytesMaxTogether, Duration timeMax) {
    this.vertx = vertx;
    this.bytesMax = bytesMax;
    this.bytesMaxTogether = bytesMaxTogether;
    this.timeMax = timeMax;
  }

  /// The body, which whoever gets it gives back with [#release(int)].
  Future<byte[]> read(HttpServerRequest request) {
    if (announced(request) > bytesMax) {
      return Future.failedFuture(tooLarge());
    }
    Promise<byte[]> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    long timer = vertx.setTimer(timeMax.toMillis(), _ -> promise.tryFail(late()));
    request.handler(piece -> {
      if (promise.future().isComplete()) {
        return;
      }
      if (body.length() + (long) piece.length() > bytesMax) {
        promise.tryFail(tooLarge());
      } else if (bytesHeld.addAndGet(piece.length()) > bytesMaxTogether) {
        bytesHeld.addAndGet(-piece.length());
        promise.tryFail(full());
      } else {
        body.appendBuffer(piece);
      }
    });
    request.exceptionHandler(_ -> promise.tryFail(Call.gone()));
    request.endHandler(_ -> promise.tryComplete(body.getBytes()));
    return promise
        .future()
        .onComplete(_ -> vertx.cancelTimer(timer))
        .onFailure(_ -> release(body.length()));
  }

  /// `count` bytes are not needed any more.
  void release(int count) {
    bytesHeld.addAndGet(-count);
  }

  /// Bytes that nobody gave back yet.
  long bytesHeld() {
    return bytesHeld.get();
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw HttpFailure.refused(400, "invalid_length", "Content-Length: expected a number");
    }
  }

  private HttpFailure tooLarge() {
    return HttpFailure.refused(
        413, "body_too_large", "body: expected at most %d bytes, got more".formatted(bytesMax));
  }

  private HttpFailure full() {
    return HttpFailure.busy(
        503, "bodies_full", "too many large requests at a time; try again later");
  }

  private HttpFailure late() {
    return HttpFailure.refused(
        408,
        "body_timeout",
        "body: expected all of it within %d seconds".formatted(timeMax.toSeconds()));
  }
}
