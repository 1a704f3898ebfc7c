// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.FailureKind;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// Why a request is not answered, as HTTP says it. The one table from kinds of failure to statuses.
final class HttpFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String code;
  private final @Nullable String field;

  /// @param status of HTTP
  /// @param type OpenAI's class of errors, e.g. `invalid_request_error`
  /// @param code stable, for programs
  /// @param field of the body that is the matter, if it is one
  HttpFailure(int status, String type, String code, @Nullable String field, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.field = field;
  }

  /// A field of the body is wrong; `problem` says what was expected and what was there.
  static HttpFailure invalid(String field, String problem) {
    return new HttpFailure(
        400, "invalid_request_error", "invalid_value", field, field + ": " + problem);
  }

  /// A field is known to the API, but not supported here.
  static HttpFailure unsupported(String field, String problem) {
    return new HttpFailure(
        400, "invalid_request_error", "unsupported_parameter", field, field + ": " + problem);
  }

  /// The request as a whole is wrong.
  static HttpFailure refused(int status, String code, String message) {
    return new HttpFailure(status, "invalid_request_error", code, null, message);
  }

  /// The server cannot take it now.
  static HttpFailure busy(int status, String code, String message) {
    String type = status == 429 ? "rate_limit_error" : "server_error";
    return new HttpFailure(status, type, code, null, message);
  }

  /// What the bus failed with. Prompts and pictures that are too large are the client's to shrink,
  /// and not worth trying again as they stand: no status from 500 on. Memory that is not there now
  /// may be there later.
  static HttpFailure of(FailureKind kind, String message) {
    int status =
        switch (kind) {
          case INVALID_REQUEST -> 400;
          case RESOURCE_EXHAUSTED -> 413;
          case BACKEND_UNAVAILABLE, CANCELLED, ENGINE_LOST, OUT_OF_MEMORY -> 503;
          case INTERNAL, MODEL_FORMAT, UNSUPPORTED_MODEL, BACKEND -> 500;
        };
    String type = status < 500 ? "invalid_request_error" : "server_error";
    return new HttpFailure(status, type, kind.code(), null, message);
  }

  /// What anything failed with; a bug shows its kind only.
  static HttpFailure of(Throwable failure) {
    return switch (failure) {
      case HttpFailure known -> known;
      case BusException over -> of(over.kind(), String.valueOf(over.getMessage()));
      default -> {
        FailureKind kind = FailureKind.of(failure);
        yield of(
            kind,
            kind == FailureKind.INTERNAL
                ? "internal error, please report it: " + failure.getClass().getSimpleName()
                : FailureKind.message(failure));
      }
    };
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /// OpenAI's error object.
  JsonObject json() {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", getMessage())
                .put("type", type)
                .put("param", field)
                .put("code", code));
  }
}
