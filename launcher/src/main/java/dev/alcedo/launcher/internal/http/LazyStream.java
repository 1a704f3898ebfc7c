// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/// A streamed reply whose head goes out with its first piece: what is refused before has a status.
/// On the call's thread.
final class LazyStream {
  /// How pieces are written.
  enum Kind {
    /// Server-sent events.
    EVENTS("text/event-stream; charset=utf-8", "data: ", "\n\n"),
    /// A JSON object on each line.
    LINES("application/x-ndjson", "", "\n");

    private final String contentType;
    private final String before;
    private final String after;

    Kind(String contentType, String before, String after) {
      this.contentType = contentType;
      this.before = before;
      this.after = after;
    }
  }

  private final Call call;
  private final Kind kind;
  private boolean isBegun;

  LazyStream(Call call, Kind kind) {
    this.call = call;
    this.kind = kind;
  }

  /// Whether something was sent.
  boolean isBegun() {
    return isBegun;
  }

  /// Sends a piece.
  void send(JsonObject piece) {
    send(piece.encode());
  }

  /// Sends a piece as it stands.
  void send(String piece) {
    if (!isBegun) {
      isBegun = true;
      call.begin(kind.contentType);
    }
    call.write(Buffer.buffer(kind.before + piece + kind.after));
  }

  /// Nothing follows.
  void end() {
    call.end();
  }

  /// A last piece says why there is no whole answer. A client that does not read is cut off.
  void fail(HttpFailure failure) {
    if (failure.code().equals("slow_client") || failure.code().equals("client_gone")) {
      call.abort();
      return;
    }
    Thread.interrupted(); // whoever stopped the call: the reason is sent
    send(call.errorShape().json(failure));
    call.end();
  }
}
