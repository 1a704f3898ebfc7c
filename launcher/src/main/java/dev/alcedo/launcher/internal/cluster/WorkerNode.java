// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cluster;

import dev.alcedo.launcher.internal.bus.Addresses;
import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.EngineService;
import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.Lifeline;
import dev.alcedo.launcher.internal.message.EngineOffer;
import dev.alcedo.launcher.internal.message.ModelReply;
import dev.alcedo.runtime.api.Alcedo;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// An engine that answers on a clustered bus and says so once a second. Closing it closes its
/// models and sessions, not engine and cluster.
public final class WorkerNode implements AutoCloseable {
  private static final Duration OFFER_INTERVAL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Cluster cluster;
  private final EngineService service;
  private final CountDownLatch end = new CountDownLatch(1);

  /// Answers, but offers nothing yet.
  public WorkerNode(Cluster cluster, Alcedo alcedo) {
    this.cluster = cluster;
    this.service = EngineService.start(cluster.vertx().eventBus(), cluster.nodeId(), alcedo);
    cluster.onLeave(_ -> {
      if (!cluster.isFrontHere()) {
        end.countDown();
      }
    });
  }

  /// Offers a model until the front node has gone or [#stop()] is called, and waits up to
  /// `patience` for what runs then.
  ///
  /// @param name what requests call it
  /// @param slotCount requests that run at a time
  /// @param load gives the model, asking this engine
  public void work(
      String name, int slotCount, Duration patience, Function<EngineClient, ModelReply> load)
      throws InterruptedException {
    try {
      service.ready().toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the cluster does not hear of this engine", e.getCause());
    }
    var vertx = cluster.vertx();
    ModelReply model =
        load.apply(new EngineClient(vertx.eventBus(), cluster.nodeId(), new Lifeline()));
    var offer = new EngineOffer(cluster.nodeId(), name, slotCount, model);
    offer(offer);
    long timer = vertx.setPeriodic(OFFER_INTERVAL.toMillis(), _ -> offer(offer));
    try {
      end.await();
    } finally {
      vertx.cancelTimer(timer);
      offer(new EngineOffer(offer.engine(), name, 0, model));
    }
    if (cluster.isFrontHere()) {
      drain(patience);
    }
  }

  private void offer(EngineOffer offer) {
    cluster.vertx().eventBus().publish(Addresses.ENGINE_HERE, Json.write(offer));
  }

  /// Ends [#work].
  public void stop() {
    end.countDown();
  }

  private void drain(Duration patience) {
    long endNanos = System.nanoTime() + patience.toNanos();
    while (service.runningCount() > 0 && System.nanoTime() < endNanos) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  @Override
  public void close() {
    service.close();
  }
}
