// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.cluster.Cluster;
import dev.alcedo.launcher.internal.cluster.ClusterOptions;
import dev.alcedo.launcher.internal.cluster.FrontNode;
import dev.alcedo.launcher.internal.config.ClusterArguments;
import dev.alcedo.launcher.internal.config.ClusterSettings;
import dev.alcedo.launcher.internal.config.GenerationArguments;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.ServerArguments;
import dev.alcedo.launcher.internal.config.ServerSettings;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.http.EngineSeats;
import dev.alcedo.launcher.internal.http.HttpFace;
import dev.alcedo.launcher.internal.http.ServerOptions;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.ModelReply;
import dev.alcedo.runtime.api.InvalidRequestException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
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
      "  alcedo serve --host 0.0.0.0 --api-key-file keys.txt",
      "  alcedo serve --cluster"
    })
final class ServeCommand extends EngineCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private GenerationArguments generation = new GenerationArguments();
  @Mixin private ServerArguments server = new ServerArguments();

  @Mixin private ClusterArguments cluster = new ClusterArguments();

  private final Function<ClusterOptions, Cluster> clusters;

  /// @param clusters joins or begins a cluster
  ServeCommand(CommandContext context, Function<ClusterOptions, Cluster> clusters) {
    super(context);
    this.clusters = clusters;
  }

  @Override
  ExitStatus execute() {
    if (server.isClustered()) {
      serveCluster();
    } else {
      serveHere();
    }
    return ExitStatus.OK;
  }

  private void serveHere() {
    Settings settings = Settings.of(model, generation, false, 0, context().environment());
    ServerSettings told = ServerSettings.of(server, settings.model().file());
    try (LocalEngine engine = engine(settings.engine());
        HttpFace face = open(engine.vertx(), options(told, settings.generation()))) {
      serve(
          face,
          told,
          () -> {
            EngineClient client = engine.client();
            ModelReply loaded = load(client, settings.model(), face::report);
            face.add(client, new EngineSeats(told.modelName(), told.slotCount(), loaded, false));
            console().say("alcedo: ready");
          });
    }
  }

  private void serveCluster() {
    if (model.isModelNamed()) {
      throw new InvalidRequestException(
          "--model: a front node has none; give it to its workers ('alcedo work --model FILE')");
    }
    ServerSettings told = ServerSettings.of(server, null);
    ClusterSettings place = ClusterSettings.front(cluster, server.clusterPort());
    GenerationSpec defaults = Settings.generation(generation);
    try (Cluster joined = clusters.apply(new ClusterOptions(place.host(), place.port(), null));
        HttpFace face = open(joined.vertx(), options(told, defaults));
        var _ = new FrontNode(joined, face)) {
      serve(
          face,
          told,
          () ->
              console()
                  .say(
                      "alcedo: workers join with 'alcedo work --join %s:%d'"
                          .formatted(shown(place.host()), place.port())));
    }
  }

  /// Serves until it is interrupted.
  ///
  /// @param begin what makes it ready
  private void serve(HttpFace face, ServerSettings told, Runnable begin) {
    var stopped = new CountDownLatch(1);
    try (var _ = context().interrupts().during(() -> stop(face, stopped))) {
      console().println("listening on http://%s:%d".formatted(shown(told.host()), face.port()));
      begin.run();
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ServerOptions options(ServerSettings told, GenerationSpec defaults) {
    return new ServerOptions(
        told.host(),
        told.port(),
        told.keys(),
        told.modelName(),
        defaults,
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
