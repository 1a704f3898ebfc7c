// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/// Whole replies. On the response's event loop.
final class Reply {
  private static final String RETRY_SECONDS = "1";

  private Reply() {}

  /// Sends a JSON object.
  static Future<Void> send(HttpServerResponse response, int status, JsonObject body) {
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    if (status == 429 || status == 503) {
      response.putHeader("Retry-After", RETRY_SECONDS);
    }
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }

  /// Sends what went wrong.
  static Future<Void> send(HttpServerResponse response, HttpFailure failure) {
    return send(response, failure.status(), failure.json());
  }
}
