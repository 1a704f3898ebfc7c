// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cluster;

import dev.alcedo.launcher.internal.bus.Addresses;
import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.Lifeline;
import dev.alcedo.launcher.internal.http.EngineSeats;
import dev.alcedo.launcher.internal.http.HttpFace;
import dev.alcedo.launcher.internal.message.EngineOffer;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelInfo;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the server which workers there are. All of them must have the model of the first one.
public final class FrontNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FrontNode.class);

  private final Cluster cluster;
  private final HttpFace face;
  private final MessageConsumer<JsonObject> offers;
  private final Map<String, Worker> workers = new HashMap<>();
  private @Nullable EngineOffer first;

  /// @param stop ends requests to it
  private record Worker(Lifeline lifeline, Runnable stop) {}

  /// Watches out for workers.
  public FrontNode(Cluster cluster, HttpFace face) {
    this.cluster = cluster;
    this.face = face;
    cluster.onLeave(this::left);
    EventBus bus = cluster.vertx().eventBus();
    this.offers =
        bus.consumer(
            Addresses.ENGINE_HERE,
            message -> {
              try {
                offered(bus, Json.read(message.body(), EngineOffer.class));
              } catch (InvalidRequestException e) {
                LOG.warn("a node offers what is no engine: {}", e.getMessage());
              }
            });
  }

  private synchronized void offered(EventBus bus, EngineOffer offer) {
    Worker known = workers.get(offer.engine());
    if (known != null) {
      if (offer.slotCount() < 1) {
        known.stop().run();
      }
    } else if (offer.slotCount() > 0 && cluster.isHere(offer.engine())) {
      var lifeline = new Lifeline();
      workers.put(offer.engine(), new Worker(lifeline, admit(bus, offer, lifeline)));
    }
  }

  private Runnable admit(EventBus bus, EngineOffer offer, Lifeline lifeline) {
    if (first == null) {
      first = offer;
    } else if (!isSame(first.model().info(), offer.model().info())) {
      LOG.warn(
          "worker {} is not asked: its model is {} ({}), expected {} ({})",
          offer.engine(),
          offer.model().info().name(),
          offer.model().info().family(),
          first.model().info().name(),
          first.model().info().family());
      return () -> {};
    }
    LOG.info("worker {} is here, {} slots", offer.engine(), offer.slotCount());
    return face.add(
        new EngineClient(bus, offer.engine(), lifeline),
        new EngineSeats(offer.name(), offer.slotCount(), offer.model(), true));
  }

  // Whether answers do not depend on which of them is asked.
  private static boolean isSame(ModelInfo a, ModelInfo b) {
    return a.name().equals(b.name())
        && a.family().equals(b.family())
        && a.tokenizer().equals(b.tokenizer())
        && a.encoder().equals(b.encoder())
        && a.contextLength() == b.contextLength()
        && a.dtypeBytes().equals(b.dtypeBytes());
  }

  private synchronized void left(String nodeId) {
    Worker worker = workers.remove(nodeId);
    if (worker != null) {
      LOG.warn("worker {} has left", nodeId);
      worker.stop().run(); // first: what is asked again must not go there
      worker.lifeline().cut();
      if (workers.isEmpty()) {
        first = null; // whoever comes next may have another model
      }
    }
  }

  @Override
  public void close() {
    offers.unregister();
  }
}
