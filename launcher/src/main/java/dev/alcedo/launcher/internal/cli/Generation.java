// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.FailureKind;
import dev.alcedo.launcher.internal.message.Nothing;
import dev.alcedo.launcher.internal.message.StreamEvent;
import io.vertx.core.Future;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs one request over the bus and hands its tokens on as they come, on the calling thread.
final class Generation {
  private final EngineClient client;
  private final CommandContext context;
  private final boolean isProgress;

  Generation(EngineClient client, CommandContext context, boolean isProgress) {
    this.client = client;
    this.context = context;
    this.isProgress = isProgress;
  }

  /// Sends the request with `start`, which gets the address for its events, and waits for the end.
  /// An interrupt cancels it, and so does a failing `onToken`: whoever stops listening stops the
  /// request.
  ///
  /// @throws BusException if there is no answer
  StreamEvent.Done run(
      Function<String, Future<Nothing>> start, Consumer<StreamEvent.Token> onToken) {
    BlockingQueue<StreamEvent> events = new LinkedBlockingQueue<>();
    ProgressLine progress = context.console().progress();
    try (var stream = client.listen(events::add);
        var _ = context.interrupts().during(() -> client.cancel(stream.address()))) {
      progress.start(isProgress);
      Replies.await(start.apply(stream.address()));
      return follow(events, onToken);
    } finally {
      progress.stop();
    }
  }

  private StreamEvent.Done follow(
      BlockingQueue<StreamEvent> events, Consumer<StreamEvent.Token> onToken) {
    while (true) {
      switch (next(events)) {
        case StreamEvent.Progress p -> context.console().progress().report(p);
        case StreamEvent.Token token -> {
          context.console().progress().stop();
          onToken.accept(token);
        }
        case StreamEvent.Done done -> {
          return done;
        }
        case StreamEvent.Failed(String code, String message) ->
            throw new BusException(FailureKind.ofCode(code), message);
      }
    }
  }

  private static StreamEvent next(BlockingQueue<StreamEvent> events) {
    try {
      return events.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusException(FailureKind.CANCELLED, "interrupted");
    }
  }
}
