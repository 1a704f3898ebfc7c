// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.http.RawHttp.Response;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures at another server, of which one folder is allowed.
class PictureUrlsTest {
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Vertx vertx = Vertx.vertx();
  private HttpServer other;
  private EchoServer server;

  @BeforeEach
  void start() {
    other =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              asked.add(request.uri());
              switch (request.path()) {
                case "/ok/large" -> {
                  request.response().setChunked(true);
                  for (int i = 0; i < 100; i++) {
                    request.response().write(Buffer.buffer(new byte[50_000]));
                  }
                  request.response().end();
                }
                case "/ok/moved" ->
                    request.response().setStatusCode(302).putHeader("Location", "/secret").end();
                case "/ok/none" -> request.response().setStatusCode(404).end();
                default -> request.response().end(Buffer.buffer(new byte[5]));
              }
            })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    server = new EchoServer(List.of(url("/ok/")));
  }

  @AfterEach
  void stop() {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + other.actualPort() + path;
  }

  private Response ask(String url) throws IOException {
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]}]}";
    return RawHttp.post(server.port(), "/v1/chat/completions", body.formatted(url));
  }

  @Test
  void whatIsAllowedIsFetched() throws Exception {
    Response response = ask(url("/ok/a.png?size=1"));
    assertEquals(200, response.status(), response.body());
    assertTrue(response.body().contains("[hash5]"), response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ok/large", "/ok/moved", "/ok/none"})
  void whatIsNoPictureIsNotWaitedFor(String path) throws Exception {
    Response response = ask(url(path));
    assertEquals(400, response.status(), response.body());
    assertEquals(
        "image_unavailable",
        new JsonObject(response.body()).getJsonObject("error").getString("code"));
    assertFalse(asked.contains("/secret"), "no redirect is followed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/secret",
        "/ok",
        "/ok/../secret",
        "/ok/%2e%2e/secret",
        "/ok/./../secret",
        "/ok//secret",
        "/ok/..%2fsecret"
      })
  void whatIsNotAllowedIsNotAskedFor(String path) throws Exception {
    Response response = ask(url(path));
    assertEquals(400, response.status(), response.body());
    assertEquals(Set.of(), asked);
    assertFalse(response.body().contains("secret"), "the URL is not repeated");
  }

  @Test
  void anotherHostThatBeginsAlikeIsNotAskedFor() throws Exception {
    String port = String.valueOf(other.actualPort());
    for (String url :
        List.of(
            url("/ok/").replace("127.0.0.1", "127.0.0.1:1@127.0.0.1"),
            url("/ok/").replace(":" + port, ":" + port + "0"),
            url("/ok/").replace("http:", "https:"),
            "HTTP" + url("/ok/").substring(4))) {
      assertEquals(400, ask(url).status(), url);
    }
    assertEquals(Set.of(), asked);
  }
}
