// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.http.RawHttp.Response;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What good requests get.
class HttpAnswersTest extends EchoServerCase {
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

  @Test
  void aSchemaReachesTheEngineAsAGrammar() throws Exception {
    int port = serve();
    String format = ",\"response_format\":{\"type\":\"json_object\"}";
    Response response = RawHttp.post(port, CHAT, ask("grammar?", format));
    assertTrue(response.body().contains("root ::= object"), response.body());
    response = RawHttp.post(port, CHAT, ask("grammar?", ",\"grammar\":\"root ::= [a]\""));
    assertTrue(response.body().contains("root ::= [a]"), response.body());
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
}
