// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as a process, with the example model.
class ServeIT {
  private static final Path PICTURES =
      Path.of("..", "examples", "models", "alcedo-tiny", "pictures");

  @TempDir Path folder;

  @Test
  void itAnswersAboutAPictureTwiceAndEndsWhenAsked() throws Exception {
    var cli = new Cli(folder);
    Process process = cli.start("serve", "--port", "0", "--max-tokens", "64");
    try {
      String url = address(cli, process);
      String picture =
          Base64.getEncoder().encodeToString(Files.readAllBytes(PICTURES.resolve("02.png")));
      String body =
          """
          {"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,%s"}},
            {"type": "text", "text": "What is in the picture?"}]}]}\
          """
              .formatted(picture);
      JsonNode first = answer(url, body);
      assertEquals(
          "a small blue star left of a small green triangle on a beige background.",
          first.at("/choices/0/message/content").asText());
      assertTrue(
          first.at("/usage/prompt_tokens_details/image_tokens").asInt() > 0, "pictures count");
      JsonNode again = answer(url, body);
      assertEquals(first.at("/choices"), again.at("/choices"));
      assertTrue(
          again.at("/usage/prompt_tokens_details/cached_tokens").asInt()
              > first.at("/usage/prompt_tokens").asInt() / 2,
          "the prompt is not prefilled again: " + again.at("/usage"));
    } finally {
      process.destroy();
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
    }
  }

  @Test
  void othersThanThisMachineNeedAKey() throws Exception {
    var result = new Cli(folder).run("serve", "--host", "0.0.0.0");
    assertEquals(3, result.status(), result.err());
    assertTrue(result.err().contains("--api-key-file"), result.err());
    assertEquals("", result.out());
  }

  private static String address(Cli cli, Process process) throws Exception {
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

  private static JsonNode answer(String url, String body) throws IOException {
    var http =
        (HttpURLConnection) URI.create(url + "/v1/chat/completions").toURL().openConnection();
    http.setDoOutput(true);
    http.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = http.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(200, http.getResponseCode());
    return new ObjectMapper().readTree(http.getInputStream());
  }
}
