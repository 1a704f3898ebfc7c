// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
      String url = Served.address(cli, process);
      String picture =
          Base64.getEncoder().encodeToString(Files.readAllBytes(PICTURES.resolve("02.png")));
      String body =
          """
          {"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,%s"}},
            {"type": "text", "text": "What is in the picture?"}]}]}\
          """
              .formatted(picture);
      JsonNode first = Served.post(url + "/v1/chat/completions", body, 200);
      assertEquals(
          "a small blue star left of a small green triangle on a beige background.",
          first.at("/choices/0/message/content").asText());
      assertTrue(
          first.at("/usage/prompt_tokens_details/image_tokens").asInt() > 0, "pictures count");
      JsonNode again = Served.post(url + "/v1/chat/completions", body, 200);
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
}
