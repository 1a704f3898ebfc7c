// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Talks to a server that runs as a process.
final class Served {
  private Served() {}

  /// Waits until it is ready.
  ///
  /// @return its address
  static String address(Cli cli, Process process) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (System.nanoTime() < end && process.isAlive()) {
      String out = cli.out();
      if (out.endsWith("\n")) {
        String url = out.strip().substring("listening on ".length());
        while (System.nanoTime() < end && status(url + "/health") != 200) {
          Thread.sleep(50);
        }
        return url;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("the server did not listen");
  }

  private static int status(String url) throws IOException {
    return ((HttpURLConnection) URI.create(url).toURL().openConnection()).getResponseCode();
  }

  /// Posts JSON, expects a status and reads JSON.
  static JsonNode post(String url, String body, int status) throws IOException {
    var http = (HttpURLConnection) URI.create(url).toURL().openConnection();
    http.setDoOutput(true);
    http.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = http.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    int got = http.getResponseCode();
    InputStream in = got < 400 ? http.getInputStream() : http.getErrorStream();
    JsonNode reply = new ObjectMapper().readTree(in);
    assertEquals(status, got, reply.toString());
    return reply;
  }
}
