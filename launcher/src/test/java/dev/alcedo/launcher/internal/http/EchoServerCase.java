// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.bus.EchoAlcedo;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.http.RawHttp.Response;
import dev.alcedo.launcher.internal.message.ModelSpec;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/// Tests of the server over a real bus and real sockets, with an engine that echoes.
abstract class EchoServerCase {
  static final String CHAT = "/v1/chat/completions";
  private static final ServerOptions.Limits LIMITS =
      new ServerOptions.Limits(
          100, Duration.ofMillis(600), Duration.ofMillis(600), Duration.ofSeconds(1), 1 << 20);

  final LocalEngine engine = LocalEngine.around(new EchoAlcedo());
  HttpFace face;

  /// A server without an engine.
  int start(List<String> keys, int queue, Duration timeMax) {
    ServerOptions options = EchoServer.options(keys, queue, timeMax, List.of(), LIMITS);
    face = HttpFace.open(engine.vertx(), options).toCompletionStage().toCompletableFuture().join();
    return face.port();
  }

  int serve(List<String> keys, int slots, int queue, Duration timeMax) {
    int port = start(keys, queue, timeMax);
    addEngine(slots);
    return port;
  }

  int serve() {
    return serve(List.of(), 2, 2, Duration.ofSeconds(20));
  }

  void addEngine(int slots) {
    var model =
        engine
            .client()
            .load(ModelSpec.of("a.gguf"), _ -> {})
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    face.add(engine.client(), new EngineSeats("echo", slots, model, false));
  }

  @AfterEach
  void stop() {
    if (face != null) {
      face.close();
    }
    engine.close();
  }

  static String ask(String text, String more) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}".formatted(text, more);
  }

  static JsonObject error(Response response, int status) {
    assertEquals(status, response.status(), response.head() + response.body());
    return new JsonObject(response.body()).getJsonObject("error");
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it happens in time");
      Thread.sleep(5);
    }
  }
}
