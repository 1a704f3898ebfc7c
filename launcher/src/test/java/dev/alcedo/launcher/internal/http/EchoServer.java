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
    var defaults =
        new GenerationSpec(null, 0f, null, null, null, null, null, null, null, null, null, null);
    var options =
        new ServerOptions(
            "127.0.0.1",
            0,
            List.of(),
            "echo",
            defaults,
            2,
            2,
            Duration.ofSeconds(20),
            100_000,
            List.copyOf(pictureUrls),
            ServerOptions.Limits.DEFAULTS);
    face = HttpFace.open(engine.vertx(), options).toCompletionStage().toCompletableFuture().join();
    face.serve(
        engine.client(),
        engine
            .client()
            .load(ModelSpec.of("a.gguf"), _ -> {})
            .toCompletionStage()
            .toCompletableFuture()
            .join());
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
