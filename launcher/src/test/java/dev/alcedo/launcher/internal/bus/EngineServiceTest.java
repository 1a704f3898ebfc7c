// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.message.ChatRequest;
import dev.alcedo.launcher.internal.message.ChatRequest.Turn;
import dev.alcedo.launcher.internal.message.CompleteRequest;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.launcher.internal.message.PerplexityRequest;
import dev.alcedo.launcher.internal.message.QuantizeRequest;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.launcher.internal.message.TokenizeRequest;
import dev.alcedo.runtime.api.Message.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The service and its client over a real bus, with an engine that echoes.
class EngineServiceTest {
  private final EchoAlcedo alcedo = new EchoAlcedo();
  private final BlockingQueue<StreamEvent> events = new LinkedBlockingQueue<>();
  private Vertx vertx;
  private EngineService service;
  private EngineClient client;

  @BeforeEach
  void start() {
    vertx = LocalEngine.openBus();
    service = EngineService.start(vertx.eventBus(), alcedo);
    client = new EngineClient(vertx.eventBus());
  }

  @AfterEach
  void stop() throws Exception {
    service.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void devicesCarryReasonsAndRemedies() throws Exception {
    var backends = await(client.devices()).backends();
    assertEquals("install one", backends.get(0).remedy());
    assertEquals("Some CPU", backends.get(1).devices().getFirst().name());
  }

  @Test
  void loadingReportsProgressAndGivesAHandle() throws Exception {
    var reply = await(client.load(spec("a.gguf"), events::add));
    assertEquals("a.gguf", reply.info().name());
    assertEquals(new StreamEvent.Progress("load", 0, 10), next());
    assertEquals(new StreamEvent.Progress("load", 10, 10), next());
    assertEquals(List.of(reply), await(client.models()).models());
  }

  @Test
  void modelsAreListedOldestFirstBeyondTen() throws Exception {
    var handles = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      handles.add(load());
    }
    assertEquals(handles, await(client.models()).models().stream().map(m -> m.model()).toList());
  }

  @Test
  void unloadingClosesTheModelAndItsSessions() throws Exception {
    String model = load();
    await(client.openSession(model));
    await(client.unload(model));
    assertEquals(0, alcedo.openModelCount.get());
    assertEquals(0, alcedo.openSessionCount.get());
    assertFailure(FailureKind.INVALID_REQUEST, "'" + model + "'", client.openSession(model));
  }

  @Test
  void brokenFilesFailWithTheEnginesWords() {
    assertFailure(
        FailureKind.MODEL_FORMAT,
        "expected a GGUF file",
        client.load(spec("broken.gguf"), events::add));
  }

  @Test
  void tokensStreamInOrderAndTheAnswerComesLast() throws Exception {
    String session = session(load());
    try (var stream = client.listen(events::add)) {
      await(client.chat(chat(session, stream.address(), new Part.Text("two words"))));
      assertEquals("prefill", assertInstanceOf(StreamEvent.Progress.class, next()).step());
      assertInstanceOf(StreamEvent.Progress.class, next());
      assertEquals(new StreamEvent.Token(0, "two", List.of()), next());
      assertEquals(new StreamEvent.Token(1, " ", List.of()), next());
      assertEquals(new StreamEvent.Token(2, "words", List.of()), next());
      var done = assertInstanceOf(StreamEvent.Done.class, next());
      assertEquals("two words", done.text());
      assertEquals(3, done.statistics().generatedTokenCount());
      assertTrue(done.peakMemoryBytes() > 0);
    }
  }

  @Test
  void thousandsOfTokensKeepTheirOrder() throws Exception {
    String session = session(load());
    String text = "w ".repeat(3000).strip();
    try (var stream = client.listen(events::add)) {
      await(
          client.complete(
              new CompleteRequest(session, stream.address(), List.of(new Part.Text(text)), null)));
      int expected = 0;
      while (true) {
        StreamEvent event = next();
        if (event instanceof StreamEvent.Done) {
          break;
        }
        if (event instanceof StreamEvent.Token token) {
          assertEquals(expected++, token.id());
        }
      }
      assertEquals(5999, expected);
    }
  }

  @Test
  void picturesAreReferredToByHandle() throws Exception {
    String model = load();
    var image = await(client.prepare(model, new byte[7]));
    assertEquals(75, image.report().tokenCount());
    String session = session(model);
    try (var stream = client.listen(events::add)) {
      await(
          client.chat(
              chat(
                  session, stream.address(), new Part.Picture(image.image()), new Part.Text("?"))));
      StreamEvent.Done done = done();
      assertEquals("[hash7] ?", done.text());
      assertEquals(100, done.images().getFirst().encodeTime().toMillis());
    }
  }

  @Test
  void unknownHandlesAreRefusedByName() throws Exception {
    String session = session(load());
    assertFailure(
        FailureKind.INVALID_REQUEST,
        "'nope'",
        client.chat(chat(session, "x", new Part.Picture("nope"))));
    assertFailure(
        FailureKind.INVALID_REQUEST, "'s99'", client.chat(chat("s99", "x", new Part.Text("?"))));
    assertFailure(FailureKind.INVALID_REQUEST, "'m99'", client.prepare("m99", new byte[1]));
  }

  @Test
  void anUnreadablePictureIsRefused() throws Exception {
    assertFailure(FailureKind.INVALID_REQUEST, "got 0 bytes", client.prepare(load(), new byte[0]));
  }

  @Test
  void cancellingStopsTheStreamWithItsCode() throws Exception {
    String session = session(load());
    try (var stream = client.listen(events::add)) {
      await(client.chat(chat(session, stream.address(), new Part.Text("forever"))));
      assertTrue(await(client.cancel(stream.address())).cancelled());
      assertEquals("cancelled", failed().code());
      assertFalse(await(client.cancel(stream.address())).cancelled());
    }
  }

  @Test
  void aClientThatStopsListeningStopsItsRequest() throws Exception {
    String session = session(load());
    var stream = client.listen(events::add);
    await(client.chat(chat(session, stream.address(), new Part.Text("forever"))));
    stream.close();
    while (await(client.cancel(stream.address())).cancelled()) {
      // Cancelled by us at the latest; what matters is that it ends with nobody listening.
      Thread.onSpinWait();
    }
  }

  @Test
  void failuresOfTheEngineStreamTheirCode() throws Exception {
    String session = session(load());
    try (var stream = client.listen(events::add)) {
      await(client.chat(chat(session, stream.address(), new Part.Text("fail"))));
      assertEquals(new StreamEvent.Failed("backend", "device 0: it broke"), failed());
    }
  }

  @Test
  void anAddressServesOneRequestAtATime() throws Exception {
    String session = session(load());
    try (var stream = client.listen(events::add)) {
      var request = chat(session, stream.address(), new Part.Text("forever"));
      await(client.chat(request));
      assertFailure(FailureKind.INVALID_REQUEST, "in use", client.chat(request));
      await(client.cancel(stream.address()));
    }
  }

  @Test
  void optionsOutOfRangeAreNamed() throws Exception {
    String session = session(load());
    var hot =
        new GenerationSpec(null, -1f, null, null, null, null, null, null, null, null, null, null);
    assertFailure(
        FailureKind.INVALID_REQUEST,
        "temperature",
        client.complete(new CompleteRequest(session, "x", List.of(new Part.Text("a")), hot)));
  }

  @Test
  void tokenizingTakesFlags() throws Exception {
    var with = await(client.tokenize(new TokenizeRequest("a.gguf", null, "hi", null, null)));
    assertEquals(List.of(1, 104, 105), with.ids());
    assertEquals(List.of("<begin>", "h", "i"), with.pieces());
    var without = await(client.tokenize(new TokenizeRequest("a.gguf", null, "hi", false, null)));
    assertEquals(List.of(104, 105), without.ids());
  }

  @Test
  void inspectingShowsTheFileAndWhatLoadingGives() throws Exception {
    var reply = await(client.inspect(spec("a.gguf")));
    assertEquals(List.of(2, 32), reply.files().getFirst().tensors().getFirst().shape());
    assertEquals("echo", reply.info().family());
  }

  @Test
  void unknownFieldsAreRefusedByName() {
    var request = new JsonObject().put("model", "m1").put("modle", "m2");
    assertFailure(
        FailureKind.INVALID_REQUEST,
        "'modle'",
        vertx
            .eventBus()
            .request(Addresses.SESSION_OPEN, request)
            .recover(EngineServiceTest::asBusFailure));
  }

  @Test
  void missingFieldsAreRefusedByName() throws Exception {
    String session = session(load());
    var request = new JsonObject().put("session", session);
    assertFailure(
        FailureKind.INVALID_REQUEST,
        "messages",
        vertx.eventBus().request(Addresses.CHAT, request).recover(EngineServiceTest::asBusFailure));
  }

  @Test
  void quantizingReportsAndAnswersOnce() throws Exception {
    try (var stream = client.listen(events::add)) {
      var reply = await(client.quantize(quantize("a.gguf", "b.gguf", stream.address())));
      assertEquals(5, reply.report().outputBytes());
      assertEquals(new StreamEvent.Progress("quantize", 0, 10), next());
      assertEquals(new StreamEvent.Progress("quantize", 10, 10), next());
    }
    assertFailure(
        FailureKind.MODEL_FORMAT,
        "expected a GGUF file",
        client.quantize(quantize("broken.gguf", "b.gguf", null)));
    assertFailure(
        FailureKind.INVALID_REQUEST, "input", client.quantize(quantize(null, "b.gguf", null)));
  }

  @Test
  void longWorkIsCancelledByItsAddress() throws Exception {
    try (var stream = client.listen(events::add)) {
      var reply = client.quantize(quantize("a.gguf", "endless.gguf", stream.address()));
      assertEquals("quantize", assertInstanceOf(StreamEvent.Progress.class, next()).step());
      assertFailure(
          FailureKind.INVALID_REQUEST,
          "in use",
          client.quantize(quantize("a.gguf", "b.gguf", stream.address())));
      assertTrue(await(client.cancel(stream.address())).cancelled());
      assertFailure(FailureKind.CANCELLED, "cancelled", reply);
    }
  }

  @Test
  void closingTheServiceEndsLongWork() throws Exception {
    try (var stream = client.listen(events::add)) {
      var reply = client.quantize(quantize("a.gguf", "endless.gguf", stream.address()));
      next();
      service.close();
      assertFailure(FailureKind.CANCELLED, "cancelled", reply);
    }
  }

  @Test
  void perplexityReportsItsEstimates() throws Exception {
    String model = load();
    events.clear();
    try (var stream = client.listen(events::add)) {
      var reply = await(client.perplexity(new PerplexityRequest(model, "ab", 8, stream.address())));
      assertEquals(16, reply.result().tokenCount());
      assertEquals(new StreamEvent.Progress("perplexity", 1, 2, 1.5), next());
      assertEquals(new StreamEvent.Progress("perplexity", 2, 2, 1.5), next());
    }
    assertFailure(
        FailureKind.INVALID_REQUEST,
        "text",
        client.perplexity(new PerplexityRequest(model, null, null, null)));
    assertFailure(
        FailureKind.INVALID_REQUEST,
        "'m99'",
        client.perplexity(new PerplexityRequest("m99", "a", null, null)));
  }

  private static QuantizeRequest quantize(String input, String output, String replyTo) {
    return new QuantizeRequest(input, output, "Q4_0", null, null, null, null, null, null, replyTo);
  }

  @Test
  void closingCancelsAndClosesEverything() throws Exception {
    String session = session(load());
    try (var stream = client.listen(events::add)) {
      await(client.chat(chat(session, stream.address(), new Part.Text("forever"))));
      service.close();
      assertEquals("cancelled", failed().code());
    }
    assertEquals(0, alcedo.openModelCount.get());
    assertEquals(0, alcedo.openSessionCount.get());
  }

  private static <T> Future<T> asBusFailure(Throwable failure) {
    var reply = (io.vertx.core.eventbus.ReplyException) failure;
    return Future.failedFuture(
        new BusException(FailureKind.ofNumber(reply.failureCode()), reply.getMessage()));
  }

  private String load() throws Exception {
    return await(client.load(spec("a.gguf"), _ -> {})).model();
  }

  private String session(String model) throws Exception {
    return await(client.openSession(model)).session();
  }

  private static ModelSpec spec(String file) {
    return ModelSpec.of(file);
  }

  private static ChatRequest chat(String session, String replyTo, Part... parts) {
    return new ChatRequest(session, replyTo, List.of(new Turn(Role.USER, List.of(parts))), null);
  }

  private StreamEvent next() throws InterruptedException {
    StreamEvent event = events.poll(30, TimeUnit.SECONDS);
    assertTrue(event != null, "an event within 30 seconds");
    return event;
  }

  private StreamEvent.Done done() throws InterruptedException {
    while (true) {
      if (next() instanceof StreamEvent.Done done) {
        return done;
      }
    }
  }

  private StreamEvent.Failed failed() throws InterruptedException {
    while (true) {
      if (next() instanceof StreamEvent.Failed failed) {
        return failed;
      }
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static void assertFailure(FailureKind kind, String words, Future<?> future) {
    var failure = assertThrows(ExecutionException.class, () -> await(future));
    var over = assertInstanceOf(BusException.class, failure.getCause());
    assertEquals(kind, over.kind());
    assertTrue(over.getMessage().contains(words), over.getMessage());
  }
}
