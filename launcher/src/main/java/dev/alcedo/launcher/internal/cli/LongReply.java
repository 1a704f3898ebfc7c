// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.StreamEvent;
import io.vertx.core.Future;
import java.util.function.Function;

/// Waits for the one reply of long work, saying how far it is. An interrupt cancels it.
final class LongReply {
  private final EngineClient client;
  private final CommandContext context;
  private final boolean isProgress;

  LongReply(EngineClient client, CommandContext context, boolean isProgress) {
    this.client = client;
    this.context = context;
    this.isProgress = isProgress;
  }

  /// Sends the request with `start`, which gets the address for its events.
  ///
  /// @throws dev.alcedo.launcher.internal.bus.BusException if it fails
  <T> T await(Function<String, Future<T>> start) {
    ProgressLine progress = context.console().progress();
    progress.start(isProgress);
    try (var stream = client.listen(event -> report(progress, event));
        var _ = context.interrupts().during(() -> client.cancel(stream.address()))) {
      return Replies.await(start.apply(stream.address()));
    } finally {
      progress.stop();
    }
  }

  private static void report(ProgressLine progress, StreamEvent event) {
    if (event instanceof StreamEvent.Progress p) {
      progress.report(p);
    }
  }
}
