// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Cancellation;
import io.vertx.core.eventbus.EventBus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Requests that are answered once, after long work: they report to an address and can be cancelled
/// by it. Any thread.
final class LongWork {
  private final EventBus bus;
  private final Map<String, Cancellation> running = new ConcurrentHashMap<>();

  LongWork(EventBus bus) {
    this.bus = bus;
  }

  /// Does `work` on the calling thread, giving it where progress goes and what cancels it.
  <T> T run(
      @Nullable String replyTo, BiFunction<Consumer<StreamEvent.Progress>, Cancellation, T> work) {
    var cancellation = new Cancellation();
    if (replyTo == null) {
      return work.apply(_ -> {}, cancellation);
    }
    if (running.putIfAbsent(replyTo, cancellation) != null) {
      throw new InvalidRequestException(
          "replyTo: expected an address of its own for each request, got '%s', which is in use"
              .formatted(replyTo));
    }
    try {
      return work.apply(event -> bus.send(replyTo, Json.write(event)), cancellation);
    } finally {
      running.remove(replyTo);
    }
  }

  /// Whether there was anything to stop.
  boolean cancel(@Nullable String replyTo) {
    Cancellation cancellation = replyTo == null ? null : running.get(replyTo);
    if (cancellation == null) {
      return false;
    }
    cancellation.cancel();
    return true;
  }

  void cancelAll() {
    running.values().forEach(Cancellation::cancel);
  }
}
