// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.http.RawHttp.Response;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ollama's API over real sockets, with an engine that echoes.
class OllamaTest {
  private final EchoServer server = new EchoServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Response post(String path, String body) throws Exception {
    return RawHttp.post(server.port(), path, body);
  }

  private static List<JsonObject> lines(Response response) {
    assertEquals(200, response.status(), response.body());
    assertTrue(response.head().contains("application/x-ndjson"), response.head());
    return response.body().lines().filter(l -> l.startsWith("{")).map(JsonObject::new).toList();
  }

  @Test
  void aChatStreamsLinesUnlessAskedNotTo() throws Exception {
    String body = "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"a b\"}]%s}";
    List<JsonObject> lines = lines(post("/api/chat", body.formatted("")));
    var content = new StringBuilder();
    lines.forEach(l -> content.append(l.getJsonObject("message").getString("content")));
    assertEquals("a b", content.toString());
    JsonObject last = lines.getLast();
    assertTrue(last.getBoolean("done"));
    assertEquals("stop", last.getString("done_reason"));
    assertEquals(3, last.getInteger("prompt_eval_count"));
    assertEquals(500_000_000L, last.getLong("eval_duration"));
    assertFalse(lines.getFirst().getBoolean("done"));

    var whole = new JsonObject(post("/api/chat", body.formatted(",\"stream\":false")).body());
    assertEquals("a b", whole.getJsonObject("message").getString("content"));
    assertTrue(whole.getBoolean("done"));
  }

  @Test
  void generateTakesSystemPicturesAndRawPrompts() throws Exception {
    String body = "{\"model\":\"echo:latest\",\"stream\":false,\"prompt\":\"what?\"%s}";
    var plain = new JsonObject(post("/api/generate", body.formatted("")).body());
    assertEquals("what?", plain.getString("response"));
    var picture =
        new JsonObject(
            post("/api/generate", body.formatted(",\"system\":\"s\",\"images\":[\"AAECAw==\"]"))
                .body());
    assertEquals("[hash4] what?", picture.getString("response"));
    var raw = new JsonObject(post("/api/generate", body.formatted(",\"raw\":true")).body());
    assertEquals("what?", raw.getString("response"));
  }

  @Test
  void nothingAskedLoadsTheModelWhichItIs() throws Exception {
    var reply = new JsonObject(post("/api/generate", "{\"model\":\"echo\"}").body());
    assertEquals("load", reply.getString("done_reason"));
    reply = new JsonObject(post("/api/chat", "{\"model\":\"echo\",\"messages\":[]}").body());
    assertEquals("load", reply.getString("done_reason"));
  }

  @Test
  void theModelIsListedAndShown() throws Exception {
    for (String path : List.of("/api/tags", "/api/ps")) {
      JsonObject model =
          new JsonObject(RawHttp.get(server.port(), path).body())
              .getJsonArray("models")
              .getJsonObject(0);
      assertEquals("echo", model.getString("name"));
      assertEquals(64, model.getString("digest").length());
      assertEquals("Q8_0", model.getJsonObject("details").getString("quantization_level"));
    }
    var shown = new JsonObject(post("/api/show", "{\"model\":\"echo\"}").body());
    assertTrue(shown.getJsonArray("capabilities").contains("completion"), shown.encode());
    assertTrue(RawHttp.get(server.port(), "/api/version").body().contains("version"));
  }

  @Test
  void failuresAreItsOwn() throws Exception {
    Response unknown = post("/api/chat", "{\"model\":\"other\",\"messages\":[]}");
    assertEquals(404, unknown.status());
    assertTrue(new JsonObject(unknown.body()).getString("error").contains("'echo'"));
    String failing = "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"fail\"}]}";
    assertEquals(500, post("/api/chat", failing).status());
    assertTrue(
        new JsonObject(RawHttp.get(server.port(), "/api/no").body()).getString("error") != null);
  }

  /// Each row: what is added to a good request, and what the refusal begins with.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"tools\":[{}]|tools:",
        "\"think\":true|think:",
        "\"options\":{\"num_ctx\":100000}|options.num_ctx:",
        "\"options\":{\"mirostat\":1}|options.mirostat:",
        "\"options\":{\"heat\":1}|options.heat:",
        "\"images\":[\"####\"]|images[0]:",
        "\"context\":[1]|context:",
        "\"nothing\":1|nothing:",
        "\"format\":\"xml\"|format:",
        "\"format\":{\"type\":\"thing\"}|format.type:",
      })
  void aFieldThatCannotBeIsRefusedByName(String more, String message) throws Exception {
    Response response =
        post("/api/generate", "{\"model\":\"echo\",\"prompt\":\"x\",%s}".formatted(more));
    assertEquals(400, response.status(), response.body());
    String error = new JsonObject(response.body()).getString("error");
    assertTrue(error.startsWith(message), error);
  }
}
