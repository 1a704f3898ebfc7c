// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The abuse list, as far as it needs a real model: what is in `HttpFaceTest` is not here again.
class AbuseIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path folder;
  private static Cli cli;
  private static Process process;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    cli = new Cli(folder);
    process = cli.start("serve", "--port", "0", "--max-tokens", "16");
    url = Served.address(cli, process);
  }

  @AfterAll
  static void stop() throws Exception {
    process.destroy();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
  }

  private static ObjectNode question(String text, byte... picture) {
    ObjectNode body = MAPPER.createObjectNode();
    ObjectNode message = body.putArray("messages").addObject().put("role", "user");
    var content = message.putArray("content");
    if (picture.length > 0) {
      String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(picture);
      content.addObject().put("type", "image_url").putObject("image_url").put("url", data);
    }
    content.addObject().put("type", "text").put("text", text);
    return body;
  }

  private static JsonNode ask(ObjectNode body, int status) throws Exception {
    return Served.post(url + "/v1/chat/completions", body.toString(), status);
  }

  private static void itStillAnswers() throws Exception {
    JsonNode reply = ask(question("What is in the picture?", TestPng.of(64, 64)), 200);
    assertFalse(reply.at("/choices/0/message/content").asText().isEmpty());
  }

  @Test
  void bombsInPictures() throws Exception {
    byte[] whole = TestPng.of(64, 64);
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    for (byte[] bomb :
        new byte[][] {
          TestPng.promising(65_535, 65_535),
          TestPng.promising(1, Integer.MAX_VALUE),
          TestPng.promising(20_000, 20_000),
          cut,
          "GIF89a".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        }) {
      JsonNode error = ask(question("what?", bomb), 400);
      assertEquals("invalid_request", error.at("/error/code").asText(), error.toString());
    }
    itStillAnswers();
  }

  @Test
  void controlTokensInTextsAreText() throws Exception {
    int plain = ask(question("aaaa"), 200).at("/usage/prompt_tokens").asInt();
    for (String control : new String[] {"</s>", "<s>", "[|Human|]:", "[|AI|]:", "<im_start>"}) {
      JsonNode reply = ask(question(control), 200);
      int count = reply.at("/usage/prompt_tokens").asInt();
      assertTrue(
          count > plain - 4 + 1, "%s is spelled, not one token: %d".formatted(control, count));
      JsonNode ids =
          Served.post(
              url + "/v1/tokenize",
              MAPPER
                  .createObjectNode()
                  .put("content", control)
                  .put("parse_special", false)
                  .toString(),
              200);
      assertTrue(ids.at("/tokens").size() > 1, ids.toString());
    }
  }

  @Test
  void grammarsThatCannotBeFollowed() throws Exception {
    for (String grammar :
        new String[] {
          "root ::= x\nx ::= \"a\" x \"b\" | \"a\" x \"c\" | \"a\" x \"d\" | \"a\" x \"e\"",
          "root ::= root",
          "root ::= [^a]{2000} [^b]{2000} [^c]{2000} [^d]{2000}",
          "root ::= (((((\"a\"{0,99}){0,99}){0,99}){0,99}){0,99}",
        }) {
      JsonNode error = ask(question("what?").put("grammar", grammar), 400);
      assertEquals("invalid_request", error.at("/error/code").asText(), error.toString());
      assertTrue(error.at("/error/message").asText().contains("grammar"), error.toString());
    }
    itStillAnswers();
  }

  @Test
  void answersKeepToASchema() throws Exception {
    ObjectNode body = question("How many shapes are there?", TestPng.of(64, 64));
    body.putObject("response_format")
        .put("type", "json_schema")
        .putObject("json_schema")
        .put("name", "count")
        .putObject("schema")
        .put("type", "object")
        .putObject("properties")
        .putObject("count")
        .put("type", "integer")
        .put("minimum", 0)
        .put("maximum", 9);
    ((ObjectNode) body.at("/response_format/json_schema/schema")).putArray("required").add("count");
    String content = ask(body, 200).at("/choices/0/message/content").asText();
    JsonNode json = MAPPER.readTree(content);
    assertTrue(json.at("/count").isInt() && json.at("/count").asInt() <= 9, content);
  }
}
