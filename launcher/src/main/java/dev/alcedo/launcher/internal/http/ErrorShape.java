// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.json.JsonObject;

/// How an API writes what went wrong.
enum ErrorShape {
  /// An object with message, type, field and code.
  OPENAI,
  /// The message alone.
  OLLAMA;

  /// The shape of the API at a path.
  static ErrorShape at(String path) {
    return path != null && path.startsWith("/api/") ? OLLAMA : OPENAI;
  }

  /// The body of a reply.
  JsonObject json(HttpFailure failure) {
    return switch (this) {
      case OPENAI -> failure.json();
      case OLLAMA -> new JsonObject().put("error", failure.getMessage());
    };
  }
}
