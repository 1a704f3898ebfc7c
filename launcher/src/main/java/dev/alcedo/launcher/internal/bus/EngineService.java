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
import dev.alcedo.launcher.internal.message.LoadRequest;
import dev.alcedo.launcher.internal.message.ModelRef;
import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.launcher.internal.message.ModelsReply;
import dev.alcedo.launcher.internal.message.Nothing;
import dev.alcedo.launcher.internal.message.PerplexityReply;
import dev.alcedo.launcher.internal.message.PerplexityRequest;
import dev.alcedo.launcher.internal.message.QuantizeReply;
import dev.alcedo.launcher.internal.message.QuantizeRequest;
import dev.alcedo.launcher.internal.message.SessionRef;
import dev.alcedo.launcher.internal.message.StatisticsReply;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.launcher.internal.message.TemplateRequest;
import dev.alcedo.launcher.internal.message.TokenizeReply;
import dev.alcedo.launcher.internal.message.TokenizeRequest;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the addresses of [Addresses] with an engine. Event loops only pass messages on: each
/// request is handled by a thread of this service's own, and tokens are sent by the engine's.
/// Closing it closes models and sessions, not the engine.
public final class EngineService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineService.class);

  private static final int CHUNK_LENGTH_DEFAULT = 512; // llama-perplexity's

  private final EventBus bus;
  private final String engine;
  private final Alcedo alcedo;
  private final Residents residents;
  private final Streams streams;
  private final LongWork longWork;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private final ExecutorService workers =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("alcedo-bus-", 0).factory());

  private EngineService(EventBus bus, String engine, Alcedo alcedo) {
    this.bus = bus;
    this.engine = engine;
    this.alcedo = alcedo;
    this.residents = new Residents(alcedo);
    this.streams = new Streams(bus, residents);
    this.longWork = new LongWork(bus);
  }

  /// Starts answering for this process.
  public static EngineService start(EventBus bus, Alcedo alcedo) {
    return start(bus, "", alcedo);
  }

  /// Starts answering as one of many engines on a clustered bus.
  ///
  /// @param engine its name, see [Addresses#at(String, String)]
  public static EngineService start(EventBus bus, String engine, Alcedo alcedo) {
    var service = new EngineService(bus, engine, alcedo);
    service.register();
    return service;
  }

  /// When all nodes of a cluster can ask it.
  public Future<?> ready() {
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
  }

  /// Answers that are being generated.
  public int runningCount() {
    return streams.count();
  }

  private void register() {
    serve(Addresses.DEVICES, Nothing.class, _ -> devices());
    serve(Addresses.MODEL_LOAD, LoadRequest.class, this::load);
    serve(Addresses.MODEL_LIST, Nothing.class, _ -> new ModelsReply(residents.models()));
    serve(
        Addresses.MODEL_STATISTICS,
        ModelRef.class,
        r -> new StatisticsReply(residents.model(r.model()).statistics()));
    serve(Addresses.MODEL_UNLOAD, ModelRef.class, r -> unload(r.model()));
    serve(
        Addresses.MODEL_INSPECT,
        ModelSpec.class,
        spec -> new Inspection(alcedo).of(spec.toOptions()));
    serve(Addresses.TOKENIZE, TokenizeRequest.class, this::tokenize);
    serve(Addresses.DETOKENIZE, DetokenizeRequest.class, this::detokenize);
    serve(Addresses.TEMPLATE, TemplateRequest.class, r -> new Templates(alcedo).render(r));
    serve(Addresses.SESSION_OPEN, ModelRef.class, r -> residents.openSession(r.model()));
    serve(Addresses.SESSION_CLOSE, SessionRef.class, r -> closeSession(r.session()));
    serve(Addresses.CHAT, ChatRequest.class, r -> accepted(() -> streams.chat(r)));
    serve(Addresses.COMPLETE, CompleteRequest.class, r -> accepted(() -> streams.complete(r)));
    serve(Addresses.MODEL_QUANTIZE, QuantizeRequest.class, this::quantize);
    serve(Addresses.PERPLEXITY, PerplexityRequest.class, this::perplexity);
    serve(Addresses.CANCEL, CancelRequest.class, r -> cancel(r.replyTo()));
    consumers.add(
        bus.<Buffer>consumer(Addresses.at(Addresses.IMAGE_PREPARE, engine), this::prepare));
  }

  private <T> void serve(String address, Class<T> type, Function<T, Record> work) {
    consumers.add(
        bus.<JsonObject>consumer(
            Addresses.at(address, engine),
            m -> work(m, () -> work.apply(Json.read(m.body(), type)))));
  }

  private void prepare(Message<Buffer> message) {
    work(
        message,
        () -> {
          String model = message.headers().get(EngineClient.MODEL_HEADER);
          var image = residents.prepare(model, message.body().getBytes());
          return new ImageReply(image.handle(), image.report());
        });
  }

  private void work(Message<?> message, Supplier<Record> work) {
    try {
      workers.execute(() -> answer(message, work));
    } catch (RejectedExecutionException e) {
      message.fail(FailureKind.CANCELLED.number(), "the engine is closing");
    }
  }

  // A boundary: whatever goes wrong becomes a failure reply, bugs and full heaps included.
  private static void answer(Message<?> message, Supplier<Record> work) {
    try {
      message.reply(Json.write(work.get()));
    } catch (RuntimeException | Error e) {
      FailureKind kind = FailureKind.of(e);
      LOG.debug("request at {} failed", message.address(), e);
      message.fail(kind.number(), FailureKind.message(e));
    }
  }

  private DevicesReply devices() {
    return new DevicesReply(alcedo.backends().stream().map(DevicesReply.BackendEntry::of).toList());
  }

  private Record load(LoadRequest request) {
    String replyTo = request.replyTo();
    Progress progress =
        replyTo == null
            ? Progress.NONE
            : (step, done, total) ->
                bus.send(replyTo, Json.write(new StreamEvent.Progress(step, done, total)));
    return residents.load(request.spec().toOptions(), progress);
  }

  private QuantizeReply quantize(QuantizeRequest request) {
    return longWork.run(
        request.replyTo(),
        (events, cancellation) ->
            new QuantizeReply(
                alcedo.quantize(
                    request.toOptions(),
                    (step, done, total) ->
                        events.accept(new StreamEvent.Progress(step, done, total)),
                    cancellation)));
  }

  private PerplexityReply perplexity(PerplexityRequest request) {
    Integer asked = request.chunkLength();
    return longWork.run(
        request.replyTo(),
        (events, cancellation) ->
            new PerplexityReply(
                residents
                    .model(request.model())
                    .perplexity(
                        Streams.required("text", request.text()),
                        asked == null ? CHUNK_LENGTH_DEFAULT : asked,
                        so ->
                            events.accept(
                                new StreamEvent.Progress(
                                    "perplexity", so.chunk(), so.chunkCount(), so.perplexity())),
                        cancellation)));
  }

  private CancelReply cancel(String replyTo) {
    boolean isStream = streams.cancel(replyTo);
    return new CancelReply(longWork.cancel(replyTo) || isStream);
  }

  private Nothing unload(String model) {
    residents.unload(model);
    return Nothing.NOTHING;
  }

  private Nothing closeSession(String session) {
    residents.closeSession(session);
    return Nothing.NOTHING;
  }

  private TokenizeReply tokenize(TokenizeRequest request) {
    Tokenizer tokenizer = tokenizer(request);
    Streams.required("text", request.text());
    boolean addSpecial = !Boolean.FALSE.equals(request.addSpecial());
    boolean parseSpecial = !Boolean.FALSE.equals(request.parseSpecial());
    int[] ids =
        tokenizer.encode(request.text(), addSpecial, parseSpecial ? TextTrust.ALL : TextTrust.NONE);
    return new TokenizeReply(
        tokenizer.describe(),
        Arrays.stream(ids).boxed().toList(),
        Arrays.stream(ids).mapToObj(tokenizer::piece).toList());
  }

  private Tokenizer tokenizer(TokenizeRequest request) {
    if ((request.file() == null) == (request.model() == null)) {
      throw new InvalidRequestException("tokenize: expected either file or model");
    }
    return request.file() == null
        ? residents.model(request.model()).tokenizer()
        : alcedo.tokenizer(ModelSpec.of(request.file()).toOptions().model());
  }

  private DetokenizeReply detokenize(DetokenizeRequest request) {
    Tokenizer tokenizer = residents.model(request.model()).tokenizer();
    int[] ids =
        Streams.required("ids", request.ids()).stream()
            .mapToInt(id -> Streams.required("ids", id))
            .toArray();
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.vocabSize()) {
        throw new InvalidRequestException(
            "ids: expected 0 to %d, got %d".formatted(tokenizer.vocabSize() - 1, id));
      }
    }
    return new DetokenizeReply(
        tokenizer.decode(ids, true),
        Arrays.stream(ids).mapToObj(id -> piece(tokenizer.bytes(id, true))).toList());
  }

  private static DetokenizeReply.Piece piece(byte[] bytes) {
    List<Integer> unsigned = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      unsigned.add(Byte.toUnsignedInt(b));
    }
    return new DetokenizeReply.Piece(new String(bytes, StandardCharsets.UTF_8), unsigned);
  }

  private static Nothing accepted(Runnable start) {
    start.run();
    return Nothing.NOTHING;
  }

  @Override
  public void close() {
    consumers.forEach(MessageConsumer::unregister);
    streams.cancelAll();
    longWork.cancelAll();
    workers.shutdown();
    residents.close();
  }
}
