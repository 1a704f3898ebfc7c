// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.VlmException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes what the engine says about one request on to the client's address. A client that no
/// longer listens stops its request.
final class StreamRelay implements TokenListener {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRelay.class);

  private final MessageProducer<JsonObject> client;
  private final List<Image> images;
  private final Runnable onEnd;
  private final List<JsonObject> held = new ArrayList<>();
  private boolean isOpening; // guarded by held
  private boolean isOpen; // guarded by held
  private @Nullable TokenStream stream;
  private boolean isCancelled;

  StreamRelay(EventBus bus, String address, List<Image> images, Runnable onEnd) {
    this.client = bus.sender(address);
    this.images = List.copyOf(images);
    this.onEnd = onEnd;
  }

  /// Says which stream to cancel; a request may be cancelled before it is known.
  synchronized void attach(TokenStream started) {
    stream = started;
    if (isCancelled) {
      started.cancel();
    }
  }

  synchronized void cancel() {
    isCancelled = true;
    if (stream != null) {
      stream.cancel();
    }
  }

  @Override
  public void token(Token token) {
    send(new StreamEvent.Token(token.id(), token.text(), token.top()));
  }

  @Override
  public void report(String step, long done, long total) {
    send(new StreamEvent.Progress(step, done, total));
  }

  @Override
  public void finished(Answer answer) {
    onEnd.run();
    // Encoded long ago: none of these waits.
    var reports = images.stream().map(Image::await).toList();
    send(
        new StreamEvent.Done(
            answer.text(),
            answer.reason(),
            answer.statistics(),
            reports,
            ResidentMemory.peakBytes(),
            ResidentMemory.bytes()));
  }

  @Override
  public void failed(VlmException cause) {
    onEnd.run();
    LOG.debug("request failed", cause);
    FailureKind kind = FailureKind.of(cause);
    send(new StreamEvent.Failed(kind.code(), FailureKind.message(cause)));
  }

  private <T extends Record & StreamEvent> void send(T event) {
    JsonObject json = Json.write(event);
    synchronized (held) {
      if (isOpen) {
        write(json);
      } else if (isOpening) {
        held.add(json);
      } else {
        isOpening = true;
        write(json).onComplete(_ -> open());
      }
    }
  }

  // In a cluster it takes a while to find out where the address is; events must not overtake each
  // other meanwhile.
  private void open() {
    synchronized (held) {
      held.forEach(this::write);
      held.clear();
      isOpen = true;
    }
  }

  private Future<Void> write(JsonObject json) {
    return client.write(json).onFailure(_ -> cancel());
  }
}
