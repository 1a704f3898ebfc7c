// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
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

  /// Says why a request has no answer, as the API at its path says it.
  static Future<Void> fail(HttpServerRequest request, HttpFailure failure) {
    JsonObject body = ErrorShape.at(request.path()).json(failure);
    return send(request.response(), failure.status(), body);
  }
}
