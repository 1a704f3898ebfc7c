// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.http.RawHttp.Response;
import dev.alcedo.launcher.internal.message.StreamEvent;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Queues, deadlines, clients that leave, a server that closes.
class HttpLimitsTest extends EchoServerCase {
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
    int port = start(List.of(), 1, Duration.ofSeconds(20));
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
            "alcedo_engines 1",
            "alcedo_image_cache_hits_total 5",
            "alcedo_image_cache_misses_total 3",
            "alcedo_image_cache_bytes 1000",
            "alcedo_image_cache_max_bytes 4000",
            "alcedo_prefix_cache_bytes 77",
            "alcedo_prefix_misses_total 1",
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

  @Test
  void aWantOfMemoryIsNotTheRequestsFault() throws Exception {
    int port = serve();
    Response response = RawHttp.post(port, CHAT, ask("memory", ""));
    JsonObject error = error(response, 503);
    assertEquals("out_of_memory", error.getString("code"));
    assertEquals("server_error", error.getString("type"));
    assertTrue(response.head().contains("Retry-After: 1"), response.head());
  }

  @Test
  void whoAsksForProgressMayWaitForTheModel() throws Exception {
    int port = start(List.of(), 2, Duration.ofSeconds(20));
    try (var http = new RawHttp(port)) {
      http.send(
          RawHttp.request("POST", CHAT, ask("a b", ",\"stream\":true,\"return_progress\":true")));
      await(() -> face.insideCount() == 1);
      face.report(new StreamEvent.Progress("load", 3, 10));
      http.readUntil("\"progress\":{\"step\":\"load\",\"done\":3,\"total\":10}");
      addEngine(1);
      http.readUntil("\"content\":\"a\"");
      http.readUntil("[DONE]");
    }
  }
}
