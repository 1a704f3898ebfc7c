// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.FailureKind;
import dev.alcedo.launcher.internal.message.ChatRequest;
import dev.alcedo.launcher.internal.message.CompleteRequest;
import dev.alcedo.launcher.internal.message.Nothing;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.launcher.internal.message.StreamEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Asks the engine over the bus: waits for a slot, hands pictures in, follows the events. On the
/// call's thread.
final class Answering {
  private static final int END_SECONDS_MAX = 5;

  private final EngineClient client;
  private final String model;
  private final Gate gate;
  private final SessionPool sessions;
  private final Metrics metrics;
  private final PictureUrls urls;

  Answering(
      EngineClient client,
      String model,
      Gate gate,
      SessionPool sessions,
      Metrics metrics,
      PictureUrls urls) {
    this.metrics = metrics;
    this.urls = urls;
    this.client = client;
    this.model = model;
    this.gate = gate;
    this.sessions = sessions;
  }

  /// Answers; `onEvent` hears of tokens and progress. Whatever ends this early, the engine's work
  /// ends with it and the slot is free.
  ///
  /// @throws HttpFailure if there is no answer
  StreamEvent.Done run(Call call, Ask ask, Consumer<StreamEvent> onEvent) {
    try {
      metrics.began(gate.begin(call));
    } catch (InterruptedException e) {
      throw call.stopped();
    }
    try {
      StreamEvent.Done done = inSlot(call, ask, onEvent);
      metrics.answered(done);
      return done;
    } finally {
      gate.end();
    }
  }

  private StreamEvent.Done inSlot(Call call, Ask ask, Consumer<StreamEvent> onEvent) {
    return switch (ask.prompt()) {
      case Ask.Chat(List<Ask.Turn> turns) -> {
        List<ChatRequest.Turn> messages =
            turns.stream()
                .map(turn -> new ChatRequest.Turn(turn.role(), parts(call, turn.pieces())))
                .toList();
        yield inSession(
            call,
            messages.toString(),
            (session, replyTo) ->
                client.chat(new ChatRequest(session, replyTo, messages, ask.options())),
            onEvent);
      }
      case Ask.Raw(List<Ask.Piece> pieces) -> {
        List<Part> parts = parts(call, pieces);
        yield inSession(
            call,
            parts.toString(),
            (session, replyTo) ->
                client.complete(new CompleteRequest(session, replyTo, parts, ask.options())),
            onEvent);
      }
    };
  }

  private List<Part> parts(Call call, List<Ask.Piece> pieces) {
    return pieces.stream()
        .<Part>map(piece ->
            switch (piece) {
              case Ask.Text(String text) -> new Part.Text(text);
              case Ask.Tokens(List<Integer> ids) -> new Part.Tokens(ids);
              case Ask.Picture(byte[] bytes) -> picture(call, bytes);
              case Ask.Remote(String field, String url) -> {
                urls.check(field, url);
                yield picture(call, urls.fetch(call, url));
              }
              case Ask.Prepared(String handle) -> new Part.Picture(handle);
            })
        .toList();
  }

  private Part picture(Call call, byte[] bytes) {
    return new Part.Picture(call.await(client.prepare(model, bytes)).image());
  }

  private interface Start {
    Future<Nothing> request(String session, String replyTo);
  }

  private StreamEvent.Done inSession(
      Call call, String prompt, Start start, Consumer<StreamEvent> onEvent) {
    SessionPool.Lease lease = sessions.borrow(call, prompt);
    BlockingQueue<StreamEvent> events = new LinkedBlockingQueue<>();
    boolean isQuiet = false;
    try (var stream = client.listen(events::add)) {
      boolean isEnded = false;
      boolean isAccepted = false;
      try {
        call.await(start.request(lease.session(), stream.address()));
        isAccepted = true;
        while (true) {
          switch (call.take(events)) {
            case StreamEvent.Done done -> {
              isEnded = true;
              return done;
            }
            case StreamEvent.Failed(String code, String message) -> {
              isEnded = true;
              throw HttpFailure.of(FailureKind.ofCode(code), message);
            }
            case StreamEvent event -> onEvent.accept(event);
          }
        }
      } finally {
        isQuiet = isEnded || isAccepted && hasStopped(stream.address(), events);
      }
    } finally {
      if (isQuiet) {
        sessions.giveBack(lease);
      } else {
        sessions.discard(lease);
      }
    }
  }

  // Cancels and waits for the end, which is a step away; interrupts wait until then.
  private boolean hasStopped(String address, BlockingQueue<StreamEvent> events) {
    boolean isInterrupted = Thread.interrupted();
    try {
      boolean isRunning =
          client
              .cancel(address)
              .toCompletionStage()
              .toCompletableFuture()
              .get(END_SECONDS_MAX, TimeUnit.SECONDS)
              .cancelled();
      if (!isRunning) {
        return true;
      }
      while (true) {
        StreamEvent event = events.poll(END_SECONDS_MAX, TimeUnit.SECONDS);
        if (event == null
            || event instanceof StreamEvent.Done
            || event instanceof StreamEvent.Failed) {
          return event != null;
        }
      }
    } catch (InterruptedException
        | java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException e) {
      return false;
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
