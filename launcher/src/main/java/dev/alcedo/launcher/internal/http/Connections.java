// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Closes connections that send no whole request head for too long, and those beyond a count. A
/// client that sends a byte now and then is not idle, but gets no further either.
final class Connections {
  private final Vertx vertx;
  private final int countMax;
  private final Duration headTimeMax;
  private final Map<HttpConnection, Long> waiting = new ConcurrentHashMap<>();
  private int count;

  /// @param headTimeMax from a connection or the end of an answer to the end of a request's head
  Connections(Vertx vertx, int countMax, Duration headTimeMax) {
    this.vertx = vertx;
    this.countMax = countMax;
    this.headTimeMax = headTimeMax;
  }

  /// Somebody has connected.
  void open(HttpConnection connection) {
    synchronized (this) {
      count++;
    }
    connection.closeHandler(_ -> {
      stopWaiting(connection);
      synchronized (this) {
        count--;
      }
    });
    if (count() > countMax) {
      connection.close();
    } else {
      startWaiting(connection);
    }
  }

  /// A request's head has come in whole.
  ///
  /// @param onEnd told when its answer is sent
  void begin(HttpServerRequest request, Runnable onEnd) {
    stopWaiting(request.connection());
    request
        .response()
        .endHandler(_ -> {
          startWaiting(request.connection());
          onEnd.run();
        });
  }

  /// Connections that are open.
  synchronized int count() {
    return count;
  }

  private void startWaiting(HttpConnection connection) {
    long timer = vertx.setTimer(headTimeMax.toMillis(), _ -> connection.close());
    Long before = waiting.put(connection, timer);
    if (before != null) {
      vertx.cancelTimer(before);
    }
  }

  private void stopWaiting(HttpConnection connection) {
    Long timer = waiting.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }
}
