// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.bus.EchoAlcedo;
import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.EngineService;
import dev.alcedo.launcher.internal.bus.Lifeline;
import dev.alcedo.launcher.internal.http.RawHttp.Response;
import dev.alcedo.launcher.internal.message.ModelSpec;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several engines on one bus, some of which are lost while they answer.
class LostEnginesTest extends EchoServerCase {
  private final List<EngineService> services = new ArrayList<>();

  /// An engine of its own name that can be lost.
  private final class Worker {
    private final Lifeline lifeline = new Lifeline();
    private final Runnable stop;

    Worker(String name, String file, int slots) {
      services.add(EngineService.start(engine.vertx().eventBus(), name, new EchoAlcedo()));
      var client = new EngineClient(engine.vertx().eventBus(), name, lifeline);
      var model =
          client.load(ModelSpec.of(file), _ -> {}).toCompletionStage().toCompletableFuture().join();
      stop = face.add(client, new EngineSeats("echo", slots, model, true));
    }

    void lose() {
      stop.run();
      lifeline.cut();
    }
  }

  @AfterEach
  void closeServices() {
    services.forEach(EngineService::close);
  }

  private static CompletableFuture<Response> post(int port, String body) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return RawHttp.post(port, CHAT, body);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static String content(Response response) {
    return new JsonObject(response.body())
        .getJsonArray("choices")
        .getJsonObject(0)
        .getJsonObject("message")
        .getString("content");
  }

  private String metrics() throws Exception {
    return RawHttp.get(face.port(), "/metrics").body();
  }

  private void awaitMetric(String line) throws Exception {
    for (int i = 0; i < 2000 && !metrics().contains("\n" + line + "\n"); i++) {
      Thread.sleep(5);
    }
    assertTrue(metrics().contains("\n" + line + "\n"), line + " in " + metrics());
  }

  @Test
  void aRequestOfWhichNothingWasSentIsAskedAgain() throws Exception {
    int port = start(List.of(), 2, Duration.ofSeconds(20));
    var mute = new Worker("w1", "mute.gguf", 1);
    CompletableFuture<Response> asked = post(port, ask("hi", ",\"logprobs\":true"));
    awaitMetric("alcedo_requests_running 1");
    new Worker("w2", "a.gguf", 1);
    mute.lose();
    assertEquals(200, asked.get().status(), asked.get().body());
    assertEquals("hi", content(asked.get()));
    awaitMetric("alcedo_retries_total 1");
    awaitMetric("alcedo_engines 1");
    awaitMetric("alcedo_requests_running 0");
  }

  @Test
  void aStreamThatHasBegunEndsWithAClearError() throws Exception {
    int port = start(List.of(), 2, Duration.ofSeconds(20));
    var worker = new Worker("w1", "a.gguf", 1);
    new Worker("w2", "a.gguf", 1);
    try (var http = new RawHttp(port)) {
      http.send(RawHttp.request("POST", CHAT, ask("ticking", ",\"stream\":true")));
      http.readUntil("\"content\":\"ticking\"");
      worker.lose();
      http.readUntil("\"code\":\"engine_lost\"");
      assertFalse(http.readUntil("\r\n0\r\n\r\n").contains("[DONE]"), "it is not done");
    }
    await(() -> face.insideCount() == 0);
  }

  @Test
  void whoWaitsIsToldWhenTheLastEngineIsLost() throws Exception {
    int port = start(List.of(), 2, Duration.ofSeconds(20));
    var mute = new Worker("w1", "mute.gguf", 1);
    CompletableFuture<Response> runs = post(port, ask("hi", ""));
    awaitMetric("alcedo_requests_running 1");
    CompletableFuture<Response> waits = post(port, ask("hi", ""));
    awaitMetric("alcedo_requests_waiting 1");
    mute.lose();
    for (CompletableFuture<Response> asked : List.of(runs, waits)) {
      assertEquals("no_engine", error(asked.get(), 503).getString("code"));
    }
    assertEquals("no_engine", error(RawHttp.post(port, CHAT, ask("x", "")), 503).getString("code"));
    assertEquals(503, RawHttp.get(port, "/health").status());
    new Worker("w2", "a.gguf", 1);
    assertEquals("hi", content(RawHttp.post(port, CHAT, ask("hi", ""))));
  }

  @Test
  void aRequestThatLosesEveryEngineLosesThreeAtMost() throws Exception {
    int port = start(List.of(), 2, Duration.ofSeconds(20));
    var workers = new ArrayList<Worker>();
    workers.add(new Worker("w0", "mute.gguf", 1));
    CompletableFuture<Response> asked = post(port, ask("hi", ""));
    for (int i = 1; i <= 3; i++) {
      awaitMetric("alcedo_requests_running 1");
      workers.add(new Worker("w" + i, "mute.gguf", 1));
      workers.get(i - 1).lose();
    }
    assertEquals("engine_lost", error(asked.get(), 503).getString("code"));
    assertEquals(1, face.engineCount());
  }

  @Test
  void loadIsSharedAndConversationsStayWhereTheyAre() throws Exception {
    int port = start(List.of(), 8, Duration.ofSeconds(20));
    new Worker("w1", "a.gguf", 2);
    new Worker("w2", "a.gguf", 2);
    var streams = new ArrayList<RawHttp>();
    for (int i = 0; i < 4; i++) {
      var http = new RawHttp(port);
      http.send(RawHttp.request("POST", CHAT, ask("ticking", ",\"stream\":true")));
      http.readUntil("\"content\":\"ticking\"");
      streams.add(http);
    }
    awaitMetric("alcedo_requests_running 4");
    awaitMetric("alcedo_sessions 4");
    for (RawHttp http : streams) {
      http.close();
    }
    await(() -> face.insideCount() == 0);
    // The picture goes along with the question, wherever that is asked.
    String picture = "{\"image\": \"data:image/png;base64,AAECAw==\"}";
    assertEquals(200, RawHttp.post(port, "/v1/images", picture).status());
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      String body =
          """
          {"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "alcedo:hash4"}},
            {"type": "text", "text": "what?"}]}]}\
          """;
      answers.add(content(RawHttp.post(port, CHAT, body)));
    }
    assertEquals(Set.of("[hash4] what?"), answers);
  }

  @Test
  void aFailureOfTheServiceIsNotALoss() throws ExecutionException, InterruptedException {
    int port = start(List.of(), 2, Duration.ofSeconds(20));
    new Worker("w1", "a.gguf", 1);
    assertEquals("backend", error(post(port, ask("fail", "")).get(), 500).getString("code"));
    assertEquals(1, face.engineCount());
  }
}
