// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.GenerationArguments;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.ServerArguments;
import dev.alcedo.launcher.internal.config.ServerSettings;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.http.HttpFace;
import dev.alcedo.launcher.internal.http.ServerOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Answers over HTTP until it is interrupted.
@Command(
    name = "serve",
    description = "Answers over HTTP, with the APIs of OpenAI and Ollama and a web page.",
    footer = {
      "",
      "Prints the address once it listens; /health says when the model is loaded. Ctrl-C ends it:",
      "running requests have ten seconds to finish, the rest is cancelled.",
      "",
      "Examples:",
      "  alcedo serve",
      "  alcedo serve --model m.gguf --mmproj v.gguf --port 9000 --parallel 8",
      "  alcedo serve --host 0.0.0.0 --api-key-file keys.txt"
    })
final class ServeCommand extends EngineCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private GenerationArguments generation = new GenerationArguments();
  @Mixin private ServerArguments server = new ServerArguments();

  ServeCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    Settings settings = Settings.of(model, generation, false, 0, context().environment());
    ServerSettings told = ServerSettings.of(server, settings.model().file());
    var stopped = new CountDownLatch(1);
    try (LocalEngine engine = engine(settings.engine());
        HttpFace face = open(engine.vertx(), options(told, settings))) {
      try (var _ = context().interrupts().during(() -> stop(face, stopped))) {
        console().println("listening on http://%s:%d".formatted(shown(told.host()), face.port()));
        EngineClient client = engine.client();
        face.serve(client, load(client, settings.model()));
        console().say("alcedo: ready");
        stopped.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return ExitStatus.OK;
  }

  private static ServerOptions options(ServerSettings told, Settings settings) {
    return new ServerOptions(
        told.host(),
        told.port(),
        told.keys(),
        told.modelName(),
        settings.generation(),
        told.slotCount(),
        told.queueLength(),
        told.timeMax(),
        told.bodyBytesMax(),
        told.pictureUrls(),
        ServerOptions.Limits.DEFAULTS);
  }

  private static HttpFace open(Vertx vertx, ServerOptions options) {
    try {
      return HttpFace.open(vertx, options).toCompletionStage().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidRequestException("interrupted while opening the port", e);
    } catch (ExecutionException e) {
      throw new InvalidRequestException(
          "cannot listen on %s, port %d: %s"
              .formatted(options.host(), options.port(), e.getCause().getMessage()),
          e);
    }
  }

  // On the thread that ends the process, which goes on when this returns.
  private static void stop(HttpFace face, CountDownLatch stopped) {
    face.drain(PATIENCE);
    stopped.countDown();
  }

  private static String shown(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
