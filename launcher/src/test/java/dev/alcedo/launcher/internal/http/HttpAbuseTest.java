// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.internal.http.RawHttp.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The abuse list: how requests come.
class HttpAbuseTest extends EchoServerCase {
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

  // Sends a byte now and then until nobody listens any more.
  private static boolean isCutOff(RawHttp http, String begin) throws Exception {
    http.send(begin);
    for (int i = 0; i < 100; i++) {
      Thread.sleep(50);
      try {
        http.send("x");
      } catch (IOException e) {
        return true;
      }
    }
    return false;
  }
}
