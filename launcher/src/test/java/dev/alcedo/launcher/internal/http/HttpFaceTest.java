// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.bus.EchoAlcedo;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.http.RawHttp.Response;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.ModelSpec;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The server over a real bus and real sockets, with an engine that echoes.
class HttpFaceTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final ServerOptions.Limits LIMITS =
      new ServerOptions.Limits(
          100, Duration.ofMillis(600), Duration.ofMillis(600), Duration.ofSeconds(1), 1 << 20);

  private final LocalEngine engine = LocalEngine.around(new EchoAlcedo());
  private HttpFace face;

  private int start(List<String> keys, int slots, int queue, Duration timeMax) throws Exception {
    var defaults =
        new GenerationSpec(null, 0f, null, null, null, null, null, null, null, null, null, null);
    var options =
        new ServerOptions(
            "127.0.0.1",
            0,
            keys,
            "echo",
            defaults,
            slots,
            queue,
            timeMax,
            100_000,
            List.of(),
            LIMITS);
    face = HttpFace.open(engine.vertx(), options).toCompletionStage().toCompletableFuture().get();
    return face.port();
  }

  private int serve(List<String> keys, int slots, int queue, Duration timeMax) throws Exception {
    int port = start(keys, slots, queue, timeMax);
    var spec = ModelSpec.of("a.gguf");
    var model = engine.client().load(spec, _ -> {}).toCompletionStage().toCompletableFuture().get();
    face.serve(engine.client(), model);
    return port;
  }

  private int serve() throws Exception {
    return serve(List.of(), 2, 2, Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    if (face != null) {
      face.close();
    }
    engine.close();
  }

  private static String ask(String text, String more) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}".formatted(text, more);
  }

  private static JsonObject error(Response response, int status) {
    assertEquals(status, response.status(), response.head() + response.body());
    return new JsonObject(response.body()).getJsonObject("error");
  }

  @Test
  void aChatIsAnsweredWithCountsAndReason() throws Exception {
    int port = serve();
    Response response = RawHttp.post(port, CHAT, ask("hello there", ",\"max_tokens\":5"));
    assertEquals(200, response.status(), response.body());
    var json = new JsonObject(response.body());
    assertEquals("chat.completion", json.getString("object"));
    assertEquals("echo", json.getString("model"));
    JsonObject choice = json.getJsonArray("choices").getJsonObject(0);
    assertEquals("hello there", choice.getJsonObject("message").getString("content"));
    assertEquals("stop", choice.getString("finish_reason"));
    assertEquals(11, json.getJsonObject("usage").getInteger("prompt_tokens"));
    assertEquals(14, json.getJsonObject("usage").getInteger("total_tokens"));
  }

  @Test
  void aStreamHasPiecesThenReasonThenCountsThenDone() throws Exception {
    int port = serve();
    Response response =
        RawHttp.post(
            port,
            CHAT,
            ask(
                "a b",
                ",\"stream\":true,\"return_progress\":true,"
                    + "\"stream_options\":{\"include_usage\":true}"));
    assertEquals(200, response.status());
    assertTrue(response.head().contains("text/event-stream"), response.head());
    List<String> events =
        response
            .body()
            .lines()
            .filter(l -> l.startsWith("data: "))
            .map(l -> l.substring(6))
            .toList();
    assertEquals("[DONE]", events.getLast());
    var content = new StringBuilder();
    for (String event : events.subList(0, events.size() - 1)) {
      for (Object choice : new JsonObject(event).getJsonArray("choices")) {
        JsonObject delta = ((JsonObject) choice).getJsonObject("delta");
        content.append(delta.getString("content", ""));
      }
    }
    assertEquals("a b", content.toString());
    assertTrue(events.stream().anyMatch(e -> e.contains("\"step\":\"prefill\"")), events::toString);
    assertTrue(events.get(events.size() - 2).contains("\"usage\""), events::toString);
    assertTrue(
        events.get(events.size() - 3).contains("\"finish_reason\":\"stop\""), events::toString);
  }

  @Test
  void aPictureTravelsAsADataUrl() throws Exception {
    int port = serve();
    String body =
        """
        {"model": "echo", "messages": [{"role": "user", "content": [
          {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAECAw=="}},
          {"type": "text", "text": "what?"}]}]}\
        """;
    Response response = RawHttp.post(port, CHAT, body);
    assertEquals(200, response.status(), response.body());
    assertTrue(response.body().contains("[hash4] what?"), response.body());
  }

  @Test
  void aPictureCanComeAheadOfItsQuestion() throws Exception {
    int port = serve();
    Response picture =
        RawHttp.post(port, "/v1/images", "{\"image\": \"data:image/png;base64,AAECAw==\"}");
    assertEquals(200, picture.status(), picture.body());
    var json = new JsonObject(picture.body());
    assertEquals("hash4", json.getString("id"));
    assertEquals(2, json.getJsonObject("grid").getInteger("columns"));
    assertEquals(75, json.getInteger("image_tokens"));
    String body =
        """
        {"messages": [{"role": "user", "content": [
          {"type": "image_url", "image_url": {"url": "alcedo:%s"}},
          {"type": "text", "text": "what?"}]}]}\
        """;
    Response response = RawHttp.post(port, CHAT, body.formatted("hash4"));
    assertEquals(200, response.status(), response.body());
    assertTrue(response.body().contains("[hash4] what?"), response.body());
    assertEquals(
        "invalid_request",
        error(RawHttp.post(port, CHAT, body.formatted("hash5")), 400).getString("code"));
    assertEquals(
        "messages[0].content[0].image_url.url",
        error(RawHttp.post(port, CHAT, body.formatted("../hash4")), 400).getString("param"));
  }

  @Test
  void thePageComesFromTheModuleAndMayLoadNothingElse() throws Exception {
    int port = serve(List.of("first"), 1, 1, Duration.ofSeconds(20));
    for (String path : List.of("/", "/page.css", "/page.js")) {
      Response response = RawHttp.get(port, path);
      assertEquals(200, response.status(), path);
      assertTrue(
          response.head().contains("Content-Security-Policy: default-src 'none'"), response.head());
      assertFalse(
          response.body().replace("http://www.w3.org/2000/svg", "").contains("://"),
          "it names no other host");
    }
    assertTrue(RawHttp.get(port, "/").body().startsWith("<!doctype html>"));
    assertEquals(404, RawHttp.get(port, "/page.java").status());
  }

  @Test
  void logProbabilitiesHaveTheirTokensTexts() throws Exception {
    int port = serve();
    Response response =
        RawHttp.post(port, CHAT, ask("AB", ",\"logprobs\":true,\"top_logprobs\":1"));
    assertEquals(200, response.status(), response.body());
    JsonObject step =
        new JsonObject(response.body())
            .getJsonArray("choices")
            .getJsonObject(0)
            .getJsonObject("logprobs")
            .getJsonArray("content")
            .getJsonObject(0);
    assertEquals(-0.125, step.getDouble("logprob"));
    assertEquals(1, step.getJsonArray("top_logprobs").size());
    assertEquals(0, step.getJsonArray("bytes").getInteger(0));
  }

  @Test
  void completionsTokensAndModels() throws Exception {
    int port = serve();
    Response completion = RawHttp.post(port, "/v1/completions", "{\"prompt\": \"go on\"}");
    assertTrue(completion.body().contains("\"text\":\"go on\""), completion.body());
    Response ids = RawHttp.post(port, "/v1/completions", "{\"prompt\": [72, 73]}");
    assertTrue(ids.body().contains("[72, 73]"), ids.body());
    Response tokens =
        RawHttp.post(port, "/v1/tokenize", "{\"content\": \"Hi\", \"add_special\": true}");
    assertEquals("{\"tokens\":[1,72,105]}", tokens.body());
    Response text = RawHttp.post(port, "/v1/detokenize", "{\"tokens\": [72, 105]}");
    assertEquals("{\"content\":\"Hi\"}", text.body());
    Response models = RawHttp.get(port, "/v1/models");
    assertTrue(models.body().contains("\"id\":\"echo\""), models.body());
    assertEquals("{\"status\":\"ok\"}", RawHttp.get(port, "/health").body());
  }

  /// Each row: what is added to a good request, the status, the code, the field.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"temprature\":1|unknown_parameter|temprature",
        "\"n\":2|unsupported_parameter|n",
        "\"tools\":[{}]|unsupported_parameter|tools",
        "\"response_format\":{\"type\":\"xml\"}|invalid_value|response_format.type",
        "\"response_format\":{\"type\":\"text\",\"x\":1}|unknown_parameter|response_format.x",
        "\"response_format\":{\"type\":\"text\"},\"grammar\":\"root ::= \"|invalid_value|grammar",
        "\"grammar\":7|invalid_value|grammar",
        "\"logit_bias\":{\"1\":2}|unsupported_parameter|logit_bias",
        "\"temperature\":-1|invalid_value|temperature",
        "\"temperature\":\"hot\"|invalid_value|temperature",
        "\"temperature\":1e999|invalid_value|temperature",
        "\"max_tokens\":0|invalid_value|max_tokens",
        "\"max_tokens\":99999999999|invalid_value|max_tokens",
        "\"top_k\":-5|invalid_value|top_k",
        "\"top_p\":0|invalid_value|top_p",
        "\"seed\":1.5|invalid_value|seed",
        "\"stop\":[\"\"]|invalid_value|stop",
        "\"stream\":\"yes\"|invalid_value|stream",
        "\"stream_options\":{\"include_usage\":true}|invalid_value|stream_options",
        "\"stream\":true,\"stream_options\":{\"x\":1}|unknown_parameter|stream_options.x",
        "\"top_logprobs\":3|invalid_value|top_logprobs",
      })
  void aFieldThatCannotBeIsRefusedByName(String more, String code, String field) throws Exception {
    int port = serve();
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],%s}".formatted(more);
    JsonObject error = error(RawHttp.post(port, CHAT, body), 400);
    assertEquals(code, error.getString("code"), error.encode());
    assertEquals(field, error.getString("param"), error.encode());
  }

  /// The abuse list: schemas. Each row: the schema, the code, the field below `schema`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7|invalid_value|",
        "{\"type\":\"thing\"}|invalid_value|.type",
        "{\"type\":\"string\",\"pattern\":\"(a+)+\"}|unsupported_parameter|.pattern",
        "{\"properties\":{\"a\":{\"oneOf\":[]}}}|unsupported_parameter|.properties.a.oneOf",
        "{\"$ref\":\"http://169.254.169.254/\"}|unsupported_parameter|.$ref",
        "{\"$ref\":\"#/$defs/no\"}|invalid_value|.$ref",
        "{\"type\":\"string\",\"minLength\":99999}|unsupported_parameter|.minLength",
        "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2}|invalid_value|.maxItems",
      })
  void abuseOfSchemas(String schema, String code, String field) throws Exception {
    int port = serve();
    String format =
        ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":%s}}"
            .formatted(schema);
    JsonObject error = error(RawHttp.post(port, CHAT, ask("x", format)), 400);
    assertEquals(code, error.getString("code"), error.encode());
    assertEquals(
        "response_format.json_schema.schema" + (field == null ? "" : field),
        error.getString("param"),
        error.encode());
  }

  @Test
  void aSchemaReachesTheEngineAsAGrammar() throws Exception {
    int port = serve();
    String format = ",\"response_format\":{\"type\":\"json_object\"}";
    Response response = RawHttp.post(port, CHAT, ask("grammar?", format));
    assertTrue(response.body().contains("root ::= object"), response.body());
    response = RawHttp.post(port, CHAT, ask("grammar?", ",\"grammar\":\"root ::= [a]\""));
    assertTrue(response.body().contains("root ::= [a]"), response.body());
  }

  /// The abuse list: bodies.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|400|invalid_json",
        "[]|400|invalid_json",
        "nothing|400|invalid_json",
        "{} {}|400|invalid_json",
        "{\"messages\":[],\"messages\":[]}|400|invalid_json",
        "{}|400|invalid_value",
        "{\"messages\":[]}|400|invalid_value",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}|400|invalid_value",
        "{\"messages\":[{\"role\":\"user\",\"content\":7}]}|400|invalid_value",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}]}|400|unsupported_parameter",
        "{\"model\":\"../../etc/passwd\",\"messages\":[]}|404|model_not_found",
      })
  void abuseOfBodies(String body, int status, String code) throws Exception {
    int port = serve();
    assertEquals(code, error(RawHttp.post(port, CHAT, body), status).getString("code"));
  }

  /// The abuse list: URLs of pictures. None is fetched, none is repeated.
  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/latest/meta-data",
    "https://example.org/a.png",
    "file:///etc/passwd",
    "/etc/passwd",
    "'data:text/html;base64,AAAA'",
    "'data:image/png;base64,####'",
    "'data:image/png;base64,'",
    "'data:image/png,AAAA'",
  })
  void abuseOfUrls(String url) throws Exception {
    int port = serve();
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]}]}"
            .formatted(url);
    Response response = RawHttp.post(port, CHAT, body);
    JsonObject error = error(response, 400);
    assertEquals("messages[0].content[0].image_url.url", error.getString("param"));
    assertFalse(response.body().contains("etc"), response.body());
  }

  @Test
  void abuseOfJsonByDepthAndSize() throws Exception {
    int port = serve();
    String deep = "{\"messages\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertEquals("invalid_json", error(RawHttp.post(port, CHAT, deep), 400).getString("code"));
    String digits = "{\"seed\":" + "9".repeat(5_000) + "}";
    assertEquals("invalid_json", error(RawHttp.post(port, CHAT, digits), 400).getString("code"));
    try (var http = new RawHttp(port)) {
      http.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  .formatted(CHAT)
              + "Content-Length: 99999999999\r\n\r\n");
      assertEquals(413, http.readAll().status());
    }
    try (var http = new RawHttp(port)) {
      http.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  .formatted(CHAT)
              + "Transfer-Encoding: chunked\r\n\r\n1E848\r\n"
              + " ".repeat(125_000)
              + "\r\n");
      assertEquals(413, http.readAll().status());
    }
    assertEquals(0, face.insideCount());
  }

  @ParameterizedTest
  @CsvSource({
    "/../../etc/passwd",
    "/v1/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/v1/models/..%2f..%2fetc",
    "/v1//nothing",
    "/nothing",
  })
  void abuseOfPaths(String path) throws Exception {
    int port = serve();
    Response response = RawHttp.get(port, path);
    assertTrue(response.status() == 404 || response.status() == 400, response.head());
    assertFalse(response.body().contains("root:"), response.body());
  }

  @Test
  void abuseOfHeads() throws Exception {
    int port = serve();
    assertEquals(431, RawHttp.get(port, "/health", "X-Large: " + "x".repeat(40_000)).status());
    assertEquals(414, RawHttp.get(port, "/" + "x".repeat(10_000)).status());
    assertEquals(405, RawHttp.get(port, CHAT).status());
    assertEquals(400, RawHttp.exchange(port, "NONSENSE\r\n\r\n").status());
    assertEquals(415, RawHttp.post(port, CHAT, ask("x", ""), "Content-Type: text/plain").status());
    assertEquals(403, RawHttp.get(port, "/v1/models", "Host: evil.example").status());
    assertEquals(
        403, RawHttp.post(port, CHAT, ask("x", ""), "Origin: http://evil.example").status());
    assertEquals(403, RawHttp.post(port, CHAT, ask("x", ""), "Origin: null").status());
    assertEquals(
        200,
        RawHttp.post(port, CHAT, ask("x", ""), "Host: localhost", "Origin: http://localhost")
            .status());
  }

  @Test
  void abuseBySlowness() throws Exception {
    int port = serve();
    try (var http = new RawHttp(port)) {
      assertTrue(
          isCutOff(http, "GET /health HTTP/1.1\r\nX-Slow: "), "a head that never ends is cut off");
    }
    try (var http = new RawHttp(port)) {
      http.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  .formatted(CHAT)
              + "Content-Length: 1000\r\n\r\n{");
      assertEquals(408, http.readAll().status());
    }
    assertEquals(0, face.insideCount());
  }

  // Sends a byte now and then until nobody listens any more.
  private static boolean isCutOff(RawHttp http, String begin) throws Exception {
    http.send(begin);
    for (int i = 0; i < 100; i++) {
      Thread.sleep(50);
      try {
        http.send("x");
      } catch (java.io.IOException e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void keysLetInAndOthersStayOut() throws Exception {
    int port = serve(List.of("first", "second"), 1, 1, Duration.ofSeconds(20));
    assertEquals(401, RawHttp.post(port, CHAT, ask("x", "")).status());
    for (String bad : List.of("Bearer", "Bearer ", "Bearer third", "Basic first", "first")) {
      Response response = RawHttp.get(port, "/v1/models", "Authorization: " + bad);
      assertEquals(401, response.status(), bad);
      assertTrue(response.head().contains("WWW-Authenticate: Bearer"), response.head());
    }
    for (String good : List.of("first", "second")) {
      assertEquals(200, RawHttp.get(port, "/v1/models", "Authorization: Bearer " + good).status());
    }
    assertEquals(200, RawHttp.get(port, "/health").status());
  }

  @Test
  void aFullQueueSaysSoAndAClientThatLeavesMakesRoom() throws Exception {
    int port = serve(List.of(), 1, 1, Duration.ofSeconds(20));
    var runs = new RawHttp(port);
    runs.send(RawHttp.request("POST", CHAT, ask("forever", ",\"stream\":true")));
    runs.readUntil("forever");
    try (var waits = new RawHttp(port)) {
      waits.send(RawHttp.request("POST", CHAT, ask("hi", "")));
      await(() -> face.insideCount() == 2);
      Response refused = RawHttp.post(port, CHAT, ask("x", ""));
      assertEquals("queue_full", error(refused, 429).getString("code"));
      assertTrue(refused.head().contains("Retry-After: 1"), refused.head());
      runs.close();
      assertEquals(200, waits.readAll().status());
    }
    await(() -> face.insideCount() == 0);
  }

  @Test
  void aClientThatDoesNotReadIsCutOff() throws Exception {
    int port = serve(List.of(), 1, 1, Duration.ofSeconds(60));
    try (var http = new RawHttp(port)) {
      http.send(RawHttp.request("POST", CHAT, ask("forever", ",\"stream\":true")));
      http.readUntil("forever");
      await(() -> face.insideCount() == 0);
    }
  }

  @Test
  void aDeadlineEndsARequest() throws Exception {
    int port = serve(List.of(), 1, 1, Duration.ofMillis(500));
    assertEquals(
        "deadline_exceeded",
        error(RawHttp.post(port, CHAT, ask("forever", "")), 504).getString("code"));
    Response stream = RawHttp.post(port, CHAT, ask("forever", ",\"stream\":true"));
    assertEquals(200, stream.status());
    assertTrue(stream.body().contains("deadline_exceeded"), "the last event says why");
    assertFalse(stream.body().contains("[DONE]"), "it is not done");
    await(() -> face.insideCount() == 0);
  }

  @Test
  void aFailureOfTheDeviceIsTyped() throws Exception {
    int port = serve();
    JsonObject error = error(RawHttp.post(port, CHAT, ask("fail", "")), 500);
    assertEquals("backend", error.getString("code"));
    assertEquals("server_error", error.getString("type"));
  }

  @Test
  void aServerThatLoadsOrClosesSaysSo() throws Exception {
    int port = start(List.of(), 1, 1, Duration.ofSeconds(20));
    Response health = RawHttp.get(port, "/health");
    assertEquals(503, health.status());
    assertEquals("{\"status\":\"loading\"}", health.body());
    assertEquals("loading", error(RawHttp.post(port, CHAT, ask("x", "")), 503).getString("code"));
  }

  @Test
  void closingTellsTheClients() throws Exception {
    int port = serve();
    try (var http = new RawHttp(port)) {
      http.send(RawHttp.request("POST", CHAT, ask("forever", ",\"stream\":true")));
      http.readUntil("forever");
      var drain = Thread.ofVirtual().start(() -> face.drain(Duration.ofMillis(100)));
      http.readUntil("the server is closing");
      drain.join();
    }
    assertEquals("closing", error(RawHttp.post(port, CHAT, ask("x", "")), 503).getString("code"));
  }

  @Test
  void whatHappensIsCounted() throws Exception {
    int port = serve();
    RawHttp.post(port, CHAT, ask("hello there", ""));
    RawHttp.post(port, CHAT, "{");
    RawHttp.get(port, "/made/up/by/a/client");
    try (var http = new RawHttp(port)) {
      http.send(RawHttp.request("POST", CHAT, ask("forever", ",\"stream\":true")));
      http.readUntil("forever");
      String running = RawHttp.get(port, "/metrics").body();
      assertTrue(running.contains("\nalcedo_requests_running 1\n"), running);
    }
    await(() -> face.insideCount() == 0);
    Response response = RawHttp.get(port, "/metrics");
    assertTrue(response.head().contains("text/plain; version=0.0.4"), response.head());
    String text = response.body();
    for (String line :
        List.of(
            "alcedo_requests_total{path=\"/v1/chat/completions\",status=\"200\"} 1",
            "alcedo_requests_total{path=\"/v1/chat/completions\",status=\"400\"} 1",
            "alcedo_requests_total{path=\"/v1/chat/completions\",status=\"499\"} 1",
            "alcedo_requests_total{path=\"other\",status=\"404\"} 1",
            "alcedo_requests_running 0",
            "alcedo_requests_waiting 0",
            "alcedo_slots 2",
            "alcedo_body_bytes 0",
            "alcedo_prompt_tokens_total 11",
            "alcedo_generated_tokens_total 3",
            "alcedo_time_to_first_token_seconds_bucket{le=\"0.01\"} 0",
            "alcedo_time_to_first_token_seconds_bucket{le=\"0.025\"} 1",
            "alcedo_time_to_first_token_seconds_count 1",
            "alcedo_time_to_first_token_seconds_sum 0.02",
            "alcedo_queue_seconds_count 2")) {
      assertTrue(text.contains("\n" + line + "\n"), line + " in " + text);
    }
    assertFalse(text.contains("made"), "clients make up no names");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it happens in time");
      Thread.sleep(5);
    }
  }
}
