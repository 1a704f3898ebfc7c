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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks an engine over the bus: waits for a slot, hands pictures in, follows the events. Asks
/// another one if the first is lost and nothing of its answer was sent. On the call's thread.
final class Answering {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
  private static final int END_SECONDS_MAX = 5;

  /// A request that ends whatever runs it must not end all workers.
  private static final int TRY_COUNT_MAX = 3;

  private final Gate gate;
  private final Loading loading;
  private final Metrics metrics;
  private final PictureUrls urls;
  private final KeptPictures pictures;

  Answering(Gate gate, Loading loading, Metrics metrics, PictureUrls urls, KeptPictures pictures) {
    this.gate = gate;
    this.loading = loading;
    this.metrics = metrics;
    this.urls = urls;
    this.pictures = pictures;
  }

  /// Answers. Whatever ends this early, the engine's work ends with it and the slot is free.
  ///
  /// @throws HttpFailure if there is no answer
  StreamEvent.Done run(Call call, Ask ask, AnswerListener listener) {
    if (!loading.isDone()) {
      if (!ask.hasProgress()) {
        throw Loading.failure();
      }
      loading.await(call, listener::event);
    }
    String prompt = PromptText.of(ask.prompt());
    for (int tried = 1; ; tried++) {
      try {
        StreamEvent.Done done = runOnce(call, ask, prompt, listener);
        metrics.answered(done);
        return done;
      } catch (HttpFailure e) {
        boolean isLost = e.code().equals(FailureKind.ENGINE_LOST.code());
        if (!isLost || tried == TRY_COUNT_MAX || !listener.restart()) {
          throw e;
        }
        metrics.retried();
        LOG.info("a worker is lost; its request is asked again, try {}", tried + 1);
      }
    }
  }

  private StreamEvent.Done runOnce(Call call, Ask ask, String prompt, AnswerListener listener) {
    long startNanos = System.nanoTime();
    Engine engine = gate.begin(call, prompt);
    try {
      metrics.began(Duration.ofNanos(System.nanoTime() - startNanos));
      return inSlot(call, ask, engine, prompt, listener);
    } finally {
      gate.end(engine);
    }
  }

  private StreamEvent.Done inSlot(
      Call call, Ask ask, Engine engine, String prompt, AnswerListener listener) {
    EngineClient client = engine.client();
    return switch (ask.prompt()) {
      case Ask.Chat(List<Ask.Turn> turns) -> {
        List<ChatRequest.Turn> messages =
            turns.stream()
                .map(turn -> new ChatRequest.Turn(turn.role(), parts(call, engine, turn.pieces())))
                .toList();
        yield inSession(
            call,
            engine,
            prompt,
            (session, replyTo) ->
                client.chat(new ChatRequest(session, replyTo, messages, ask.options())),
            listener::event);
      }
      case Ask.Raw(List<Ask.Piece> pieces) -> {
        List<Part> parts = parts(call, engine, pieces);
        yield inSession(
            call,
            engine,
            prompt,
            (session, replyTo) ->
                client.complete(new CompleteRequest(session, replyTo, parts, ask.options())),
            listener::event);
      }
    };
  }

  private List<Part> parts(Call call, Engine engine, List<Ask.Piece> pieces) {
    return pieces.stream()
        .<Part>map(piece ->
            switch (piece) {
              case Ask.Text(String text) -> new Part.Text(text);
              case Ask.Tokens(List<Integer> ids) -> new Part.Tokens(ids);
              case Ask.Picture(byte[] bytes) -> picture(call, engine, bytes);
              case Ask.Remote(String field, String url) -> {
                urls.check(field, url);
                yield picture(call, engine, urls.fetch(call, url));
              }
              case Ask.Prepared(String handle) -> {
                byte[] bytes = pictures.get(handle);
                yield bytes == null ? new Part.Picture(handle) : picture(call, engine, bytes);
              }
            })
        .toList();
  }

  private static Part picture(Call call, Engine engine, byte[] bytes) {
    return new Part.Picture(call.await(engine.client().prepare(engine.model(), bytes)).image());
  }

  private interface Start {
    Future<Nothing> request(String session, String replyTo);
  }

  private StreamEvent.Done inSession(
      Call call, Engine engine, String prompt, Start start, Consumer<StreamEvent> onEvent) {
    EngineClient client = engine.client();
    SessionPool sessions = engine.sessions();
    SessionPool.Lease lease = sessions.borrow(call, prompt);
    BlockingQueue<StreamEvent> events = new LinkedBlockingQueue<>();
    boolean isQuiet = false;
    try (var stream = client.listen(events::add)) {
      boolean isEnded = false;
      boolean isAccepted = false;
      try {
        call.await(stream.ready());
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
        isQuiet = isEnded || isAccepted && hasStopped(client, stream.address(), events);
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
  private static boolean hasStopped(
      EngineClient client, String address, BlockingQueue<StreamEvent> events) {
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
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return false;
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
