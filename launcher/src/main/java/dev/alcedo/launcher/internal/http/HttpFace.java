// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.StatisticsReply;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.ModelStatistics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server: listens, guards, hands each request to a thread of its own. Answers 503 until
/// [#add(EngineClient, EngineSeats)] says who answers. Who opened it closes it.
public final class HttpFace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFace.class);

  private static final int HEAD_BYTES_MAX = 16 << 10;
  private static final int LINE_BYTES_MAX = 4 << 10;
  private static final Duration STATISTICS_TIME = Duration.ofSeconds(2);
  private static final Duration CANCEL_TIME = Duration.ofSeconds(5);

  private final ServerOptions options;
  private final Guard guard;
  private final Gate gate;
  private final Connections connections;
  private final BodyReader bodies;
  private final Metrics metrics = new Metrics();
  private final Loading loading = new Loading();
  private final Api api;
  private final HttpServer server;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("alcedo-http-", 0).factory());
  private volatile boolean isClosing;

  private HttpFace(Vertx vertx, ServerOptions options) {
    this.options = options;
    this.guard = new Guard(options.keys(), options.host());
    this.gate = new Gate(options.queueLength());
    var limits = options.limits();
    var urls = new PictureUrls(vertx, options.pictureUrls(), options.bodyBytesMax());
    this.api = Api.of(options, gate, loading, metrics, urls);
    this.connections = new Connections(vertx, limits.connectionCountMax(), limits.headTimeMax());
    this.bodies =
        new BodyReader(
            vertx, options.bodyBytesMax(), limits.bodyBytesMaxTogether(), limits.bodyTimeMax());
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(true)
                    .setMaxHeaderSize(HEAD_BYTES_MAX)
                    .setMaxInitialLineLength(LINE_BYTES_MAX)
                    .setCompressionSupported(false)
                    .setDecompressionSupported(false))
            .connectionHandler(connections::open)
            .requestHandler(router(vertx));
  }

  /// Listens; fails if the address is not free.
  public static Future<HttpFace> open(Vertx vertx, ServerOptions options) {
    var face = new HttpFace(vertx, options);
    return face.server.listen().map(_ -> face);
  }

  /// The port that it listens on.
  public int port() {
    return server.actualPort();
  }

  /// The model is loaded so far.
  public void report(StreamEvent.Progress progress) {
    loading.report(progress);
  }

  /// Asks this engine, too, from here on.
  ///
  /// @return what stops that
  public Runnable add(EngineClient client, EngineSeats seats) {
    var engine = new Engine(client, seats);
    gate.add(engine);
    loading.end();
    return () -> gate.remove(engine);
  }

  private Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(this::admit);
    router.get("/health").handler(this::health);
    router.get("/metrics").handler(this::metrics);
    WebPage.route(router);
    get(router, "/v1/models", () -> api.openAi().models());
    patientPost(router, "/v1/chat/completions", (call, body) -> api.openAi().chat(call, body));
    patientPost(router, "/v1/completions", (call, body) -> api.openAi().complete(call, body));
    post(router, "/v1/tokenize", (call, body) -> api.openAi().tokenize(call, body));
    post(router, "/v1/detokenize", (call, body) -> api.openAi().detokenize(call, body));
    get(router, "/api/tags", () -> api.ollama().tags());
    get(router, "/api/ps", () -> api.ollama().running());
    get(router, "/api/version", () -> api.ollama().version());
    post(router, "/api/show", (call, body) -> api.ollama().show(call, body));
    post(router, "/api/chat", (call, body) -> api.ollama().chat(call, body));
    post(router, "/api/generate", (call, body) -> api.ollama().generate(call, body));
    post(router, "/v1/images", (call, body) -> api.images().prepare(call, body));
    failures(router);
    router.getRoutes().stream().map(Route::getPath).filter(Objects::nonNull).forEach(metrics::know);
    return router;
  }

  private static void failures(Router router) {
    router.errorHandler(
        404,
        context ->
            Reply.fail(
                context.request(),
                HttpFailure.refused(404, "not_found", "there is nothing at this path")));
    router.errorHandler(
        405,
        context ->
            Reply.fail(
                context.request(),
                HttpFailure.refused(405, "method_not_allowed", "the path has another method")));
    router.errorHandler(400, HttpFace::fail);
    router.errorHandler(500, HttpFace::fail);
  }

  private static void fail(RoutingContext context) {
    Throwable failure = context.failure();
    HttpFailure known =
        failure == null
            ? HttpFailure.refused(400, "invalid_request", "the request makes no sense")
            : HttpFailure.of(failure);
    if (known.status() == 500) {
      LOG.error("a request failed", failure);
    }
    Reply.fail(context.request(), known);
  }

  private void admit(RoutingContext context) {
    HttpServerRequest request = context.request();
    connections.begin(
        request, () -> metrics.ended(request.path(), context.response().getStatusCode()));
    context
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    guard.checkOrigin(context.request());
    context.next();
  }

  private void health(RoutingContext context) {
    String status = isClosing ? "closing" : gate.engines().isEmpty() ? "loading" : "ok";
    Reply.send(
        context.response(),
        status.equals("ok") ? 200 : 503,
        new JsonObject().put("status", status));
  }

  private void metrics(RoutingContext context) {
    guard.checkKey(context.request());
    List<Future<ModelStatistics>> models =
        gate.engines().stream().map(HttpFace::statistics).toList();
    Future.join(models)
        .onComplete(_ ->
            context
                .response()
                .putHeader("Content-Type", Exposition.CONTENT_TYPE)
                .putHeader("Cache-Control", "no-store")
                .end(
                    metrics.text(
                        gate,
                        connections,
                        bodies,
                        models.stream().filter(Future::succeeded).map(Future::result).toList())));
  }

  private static Future<ModelStatistics> statistics(Engine engine) {
    return engine
        .client()
        .statistics(engine.model())
        .map(StatisticsReply::statistics)
        .timeout(STATISTICS_TIME.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void checkOpen() {
    if (isClosing) {
      throw closing();
    }
  }

  private void checkLoaded() {
    checkOpen();
    if (!loading.isDone()) {
      throw Loading.failure();
    }
  }

  private void get(Router router, String path, Supplier<JsonObject> work) {
    router
        .get(path)
        .handler(context -> {
          guard.checkKey(context.request());
          checkLoaded();
          Reply.send(context.response(), 200, work.get());
        });
  }

  private interface Work {
    void answer(Call call, Fields body);
  }

  private void post(Router router, String path, Work work) {
    post(router, path, this::checkLoaded, work);
  }

  /// Requests there may wait for the model, see [Answering].
  private void patientPost(Router router, String path, Work work) {
    post(router, path, this::checkOpen, work);
  }

  private void post(Router router, String path, Runnable check, Work work) {
    router
        .post(path)
        .handler(context -> {
          guard.checkKey(context.request());
          checkJson(context);
          check.run();
          gate.enter();
          take(context, work);
        });
  }

  private static void checkJson(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null || !type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
      throw HttpFailure.refused(
          415, "unsupported_media_type", "Content-Type: expected application/json");
    }
  }

  private void take(RoutingContext context, Work work) {
    var call =
        new Call(
            context.response(),
            ErrorShape.at(context.request().path()),
            options.timeMax(),
            options.limits().stallTimeMax());
    calls.add(call);
    context
        .response()
        .closeHandler(_ -> {
          call.stop(Call.gone());
          if (!context.response().ended()) {
            metrics.ended(context.request().path(), Call.gone().status());
          }
        });
    if (isClosing) {
      call.stop(closing());
    }
    Future<byte[]> body;
    try {
      body = bodies.read(context.request());
    } catch (HttpFailure e) {
      body = Future.failedFuture(e);
    }
    body.onSuccess(bytes -> threads.execute(() -> run(call, work, bytes)))
        .onFailure(failure -> {
          end(call);
          // What is left of the body would be taken for the next request.
          context.response().putHeader("Connection", "close");
          Reply.fail(context.request(), HttpFailure.of(failure))
              .onComplete(_ -> context.request().connection().close());
        });
  }

  private void run(Call call, Work work, byte[] body) {
    try {
      call.run(() -> answer(call, work, body));
    } finally {
      bodies.release(body.length);
      end(call);
    }
  }

  // A boundary: whatever goes wrong becomes a reply, bugs and full heaps included.
  private static void answer(Call call, Work work, byte[] body) {
    try {
      work.answer(call, Fields.parse(body));
    } catch (RuntimeException | Error e) {
      HttpFailure failure = HttpFailure.of(e);
      if (failure.status() == 500) {
        LOG.error("a request failed", e);
      } else {
        LOG.debug("a request failed: {} {}", failure.status(), failure.code());
      }
      call.fail(failure);
    }
  }

  private void end(Call call) {
    calls.remove(call);
    gate.leave();
  }

  private static HttpFailure closing() {
    return HttpFailure.busy(503, "closing", "the server is closing");
  }

  /// Takes nothing in any more, waits up to `patience` for what runs and cancels the rest, whose
  /// clients are told so.
  public void drain(Duration patience) {
    isClosing = true;
    long cancelNanos = System.nanoTime() + patience.toNanos();
    while (!calls.isEmpty() && System.nanoTime() < cancelNanos) {
      pause();
    }
    calls.forEach(call -> call.stop(closing()));
    long endNanos = System.nanoTime() + CANCEL_TIME.toNanos();
    while (!calls.isEmpty() && System.nanoTime() < endNanos) {
      pause();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
  }

  /// Engines that are asked.
  public int engineCount() {
    return gate.engines().size();
  }

  /// Requests that were taken in and have not ended.
  public int insideCount() {
    return gate.insideCount();
  }

  @Override
  public void close() {
    drain(Duration.ZERO);
    server.close();
    threads.close();
  }
}
