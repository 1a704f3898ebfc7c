// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.TimeUnit;

/// An engine, a bus and the service between them in this process.
public final class LocalEngine implements AutoCloseable {
  private final Vertx vertx;
  private final Alcedo alcedo;
  private final EngineService service;

  private LocalEngine(Vertx vertx, Alcedo alcedo) {
    this.vertx = vertx;
    this.alcedo = alcedo;
    this.service = EngineService.start(vertx.eventBus(), alcedo);
  }

  /// Starts all three.
  ///
  /// @throws IllegalStateException if two providers share an id; names both classes
  public static LocalEngine start(AlcedoOptions options) {
    return around(Alcedo.open(options));
  }

  /// Starts a bus and the service for `alcedo`, which is closed with them.
  public static LocalEngine around(Alcedo alcedo) {
    return new LocalEngine(openBus(), alcedo);
  }

  /// A bus without network, file cache and worker threads of its own.
  static Vertx openBus() {
    return Vertx.vertx(busOptions());
  }

  /// Options of a bus without file cache and worker threads of its own.
  public static VertxOptions busOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /// A client of this engine.
  public EngineClient client() {
    return new EngineClient(vertx.eventBus());
  }

  /// The bus, for whatever else lives on it.
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public void close() {
    service.close();
    alcedo.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      org.slf4j.LoggerFactory.getLogger(LocalEngine.class).debug("the bus did not close", e);
    }
  }
}
