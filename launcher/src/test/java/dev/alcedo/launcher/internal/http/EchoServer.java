// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EchoAlcedo;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.ModelSpec;
import java.time.Duration;
import java.util.List;

/// A server on a free port whose engine echoes.
final class EchoServer implements AutoCloseable {
  private final LocalEngine engine = LocalEngine.around(new EchoAlcedo());
  private final HttpFace face;

  EchoServer() {
    this(List.of());
  }

  EchoServer(List<String> pictureUrls) {
    ServerOptions options =
        options(List.of(), 2, Duration.ofSeconds(20), pictureUrls, ServerOptions.Limits.DEFAULTS);
    face = HttpFace.open(engine.vertx(), options).toCompletionStage().toCompletableFuture().join();
    var model =
        engine
            .client()
            .load(ModelSpec.of("a.gguf"), _ -> {})
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    face.add(engine.client(), new EngineSeats("echo", 2, model, false));
  }

  /// Options of a server on any port of this machine, with greedy answers and small bodies.
  static ServerOptions options(
      List<String> keys,
      int queue,
      Duration timeMax,
      List<String> pictureUrls,
      ServerOptions.Limits limits) {
    var greedy =
        new GenerationSpec(null, 0f, null, null, null, null, null, null, null, null, null, null);
    return new ServerOptions(
        "127.0.0.1", 0, keys, "echo", greedy, queue, timeMax, 100_000, pictureUrls, limits);
  }

  int port() {
    return face.port();
  }

  @Override
  public void close() {
    face.close();
    engine.close();
  }
}
