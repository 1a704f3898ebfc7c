// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.CancelReply;
import dev.alcedo.launcher.internal.message.CancelRequest;
import dev.alcedo.launcher.internal.message.ChatRequest;
import dev.alcedo.launcher.internal.message.CompleteRequest;
import dev.alcedo.launcher.internal.message.DetokenizeReply;
import dev.alcedo.launcher.internal.message.DetokenizeRequest;
import dev.alcedo.launcher.internal.message.DevicesReply;
import dev.alcedo.launcher.internal.message.ImageReply;
import dev.alcedo.launcher.internal.message.InspectReply;
import dev.alcedo.launcher.internal.message.LoadRequest;
import dev.alcedo.launcher.internal.message.ModelRef;
import dev.alcedo.launcher.internal.message.ModelReply;
import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.launcher.internal.message.ModelsReply;
import dev.alcedo.launcher.internal.message.Nothing;
import dev.alcedo.launcher.internal.message.PerplexityReply;
import dev.alcedo.launcher.internal.message.PerplexityRequest;
import dev.alcedo.launcher.internal.message.QuantizeReply;
import dev.alcedo.launcher.internal.message.QuantizeRequest;
import dev.alcedo.launcher.internal.message.SessionRef;
import dev.alcedo.launcher.internal.message.SessionReply;
import dev.alcedo.launcher.internal.message.StatisticsReply;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.launcher.internal.message.TemplateReply;
import dev.alcedo.launcher.internal.message.TemplateRequest;
import dev.alcedo.launcher.internal.message.TokenizeReply;
import dev.alcedo.launcher.internal.message.TokenizeRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/// The engine as front ends see it: one method for each address. Futures fail with [BusException].
/// Any thread; nothing here waits.
public final class EngineClient {
  /// Names the model of a picture that is handed in, which is a message without JSON.
  public static final String MODEL_HEADER = "model";

  /// Loading a large model takes as long as it takes.
  private static final Duration REPLY_TIME_MAX = Duration.ofDays(1);

  private final EventBus bus;
  private final String engine;
  private final Lifeline lifeline;

  /// A client of this process's service on `bus`.
  public EngineClient(EventBus bus) {
    this(bus, "", new Lifeline());
  }

  /// A client of one engine of a cluster.
  ///
  /// @param engine its name
  /// @param lifeline cut when it is lost: what waits for it then fails as [FailureKind#ENGINE_LOST]
  public EngineClient(EventBus bus, String engine, Lifeline lifeline) {
    this.bus = bus;
    this.engine = engine;
    this.lifeline = lifeline;
  }

  /// Backends and devices.
  public Future<DevicesReply> devices() {
    return ask(Addresses.DEVICES, Nothing.NOTHING, DevicesReply.class);
  }

  /// Loads a model; `onProgress` hears how far it is, on an event loop.
  public Future<ModelReply> load(ModelSpec spec, Consumer<StreamEvent> onProgress) {
    EventStream events = listen(onProgress);
    var request = new LoadRequest(spec, events.address());
    return events
        .ready()
        .compose(_ -> ask(Addresses.MODEL_LOAD, request, ModelReply.class))
        .onComplete(_ -> events.close());
  }

  /// The loaded models.
  public Future<ModelsReply> models() {
    return ask(Addresses.MODEL_LIST, Nothing.NOTHING, ModelsReply.class);
  }

  /// What a model holds and has saved.
  public Future<StatisticsReply> statistics(String model) {
    return ask(Addresses.MODEL_STATISTICS, new ModelRef(model), StatisticsReply.class);
  }

  /// Closes a model and its sessions.
  public Future<Nothing> unload(String model) {
    return ask(Addresses.MODEL_UNLOAD, new ModelRef(model), Nothing.class);
  }

  /// What model files hold and what loading them would give.
  public Future<InspectReply> inspect(ModelSpec spec) {
    return ask(Addresses.MODEL_INSPECT, spec, InspectReply.class);
  }

  /// Writes a model file again with other element types. Progress goes to `request.replyTo()`.
  public Future<QuantizeReply> quantize(QuantizeRequest request) {
    return ask(Addresses.MODEL_QUANTIZE, request, QuantizeReply.class);
  }

  /// The perplexity of a text. Progress goes to `request.replyTo()`.
  public Future<PerplexityReply> perplexity(PerplexityRequest request) {
    return ask(Addresses.PERPLEXITY, request, PerplexityReply.class);
  }

  /// Text to token ids.
  public Future<TokenizeReply> tokenize(TokenizeRequest request) {
    return ask(Addresses.TOKENIZE, request, TokenizeReply.class);
  }

  /// Token ids to text.
  public Future<DetokenizeReply> detokenize(DetokenizeRequest request) {
    return ask(Addresses.DETOKENIZE, request, DetokenizeReply.class);
  }

  /// Renders a chat template.
  public Future<TemplateReply> template(TemplateRequest request) {
    return ask(Addresses.TEMPLATE, request, TemplateReply.class);
  }

  /// Hands in a picture's encoded bytes; its encoding begins at once.
  public Future<ImageReply> prepare(String model, byte[] image) {
    return ask(
        Addresses.IMAGE_PREPARE,
        Buffer.buffer(image),
        options().addHeader(MODEL_HEADER, model),
        ImageReply.class);
  }

  /// Opens a session of a model.
  public Future<SessionReply> openSession(String model) {
    return ask(Addresses.SESSION_OPEN, new ModelRef(model), SessionReply.class);
  }

  /// Closes a session.
  public Future<Nothing> closeSession(String session) {
    return ask(Addresses.SESSION_CLOSE, new SessionRef(session), Nothing.class);
  }

  /// Starts answering; succeeds once the request is accepted. Events go to `request.replyTo()`.
  public Future<Nothing> chat(ChatRequest request) {
    return ask(Addresses.CHAT, request, Nothing.class);
  }

  /// Starts continuing a prompt; succeeds once the request is accepted. Events go to
  /// `request.replyTo()`.
  public Future<Nothing> complete(CompleteRequest request) {
    return ask(Addresses.COMPLETE, request, Nothing.class);
  }

  /// Stops what streams to `replyTo`.
  public Future<CancelReply> cancel(String replyTo) {
    return ask(Addresses.CANCEL, new CancelRequest(replyTo), CancelReply.class);
  }

  /// An address of its own for the events of one request; `onEvent` runs on an event loop, one
  /// event at a time, but for the failure that says that the engine is lost. Whoever listens
  /// closes.
  public EventStream listen(Consumer<StreamEvent> onEvent) {
    String address = Addresses.STREAM_PREFIX + UUID.randomUUID();
    Handler<Message<JsonObject>> handler =
        message -> onEvent.accept(Json.read(message.body(), StreamEvent.class));
    MessageConsumer<JsonObject> consumer =
        engine.isEmpty() ? bus.localConsumer(address, handler) : bus.consumer(address, handler);
    Lifeline.Watch watch =
        lifeline.watch(() ->
            onEvent.accept(
                new StreamEvent.Failed(FailureKind.ENGINE_LOST.code(), lost().getMessage())));
    return new EventStream(address, consumer, watch);
  }

  /// Where events of one request arrive.
  public static final class EventStream implements AutoCloseable {
    private final String address;
    private final MessageConsumer<JsonObject> consumer;
    private final Lifeline.Watch watch;

    private EventStream(
        String address, MessageConsumer<JsonObject> consumer, Lifeline.Watch watch) {
      this.address = address;
      this.consumer = consumer;
      this.watch = watch;
    }

    /// To be given as `replyTo`.
    public String address() {
      return address;
    }

    /// When events can arrive: in a cluster, other nodes must hear of the address first.
    public Future<Void> ready() {
      return consumer.completion();
    }

    @Override
    public void close() {
      watch.close();
      consumer.unregister();
    }
  }

  private <T> Future<T> ask(String address, Record request, Class<T> type) {
    return ask(address, Json.write(request), options(), type);
  }

  private <T> Future<T> ask(String address, Object body, DeliveryOptions options, Class<T> type) {
    Promise<T> promise = Promise.promise();
    Lifeline.Watch watch = lifeline.watch(() -> promise.tryFail(lost()));
    bus.<JsonObject>request(Addresses.at(address, engine), body, options)
        .map(Message::body)
        .map(json -> Json.read(json, type))
        .onComplete(promise::tryComplete, failure -> promise.tryFail(explained(address, failure)));
    return promise.future().onComplete(_ -> watch.close());
  }

  private BusException explained(String address, Throwable failure) {
    if (failure instanceof ReplyException reply) {
      if (reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
        return new BusException(
            FailureKind.ofNumber(reply.failureCode()), String.valueOf(reply.getMessage()));
      }
      if (reply.failureType() == ReplyFailure.NO_HANDLERS && !engine.isEmpty()) {
        return lost();
      }
    }
    return new BusException(
        FailureKind.INTERNAL, "no engine answers at %s: %s".formatted(address, failure));
  }

  private BusException lost() {
    return new BusException(
        FailureKind.ENGINE_LOST, "the worker that had the request has left; ask again");
  }

  private static DeliveryOptions options() {
    return new DeliveryOptions().setSendTimeout(REPLY_TIME_MAX.toMillis());
  }
}
