// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.alcedo.launcher.internal.http.RawHttp.Response;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The abuse list: what requests say. Each is refused by name.
class RefusedRequestsTest extends EchoServerCase {
  /// Each row: what is added to a good request, the status, the code, the field.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"temprature\":1|unknown_parameter|temprature",
        "\"n\":2|unsupported_parameter|n",
        "\"tools\":[{}]|unsupported_parameter|tools",
        "\"response_format\":{\"type\":\"xml\"}|invalid_value|response_format.type",
        "\"response_format\":{\"type\":\"text\",\"x\":1}|unknown_parameter|response_format.x",
        "\"response_format\":{\"type\":\"text\"},\"grammar\":\"root ::= \"|invalid_value|grammar",
        "\"grammar\":7|invalid_value|grammar",
        "\"logit_bias\":{\"1\":2}|unsupported_parameter|logit_bias",
        "\"temperature\":-1|invalid_value|temperature",
        "\"temperature\":\"hot\"|invalid_value|temperature",
        "\"temperature\":1e999|invalid_value|temperature",
        "\"max_tokens\":0|invalid_value|max_tokens",
        "\"max_tokens\":99999999999|invalid_value|max_tokens",
        "\"top_k\":-5|invalid_value|top_k",
        "\"top_p\":0|invalid_value|top_p",
        "\"seed\":1.5|invalid_value|seed",
        "\"stop\":[\"\"]|invalid_value|stop",
        "\"stream\":\"yes\"|invalid_value|stream",
        "\"stream_options\":{\"include_usage\":true}|invalid_value|stream_options",
        "\"stream\":true,\"stream_options\":{\"x\":1}|unknown_parameter|stream_options.x",
        "\"top_logprobs\":3|invalid_value|top_logprobs",
      })
  void aFieldThatCannotBeIsRefusedByName(String more, String code, String field) throws Exception {
    int port = serve();
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],%s}".formatted(more);
    JsonObject error = error(RawHttp.post(port, CHAT, body), 400);
    assertEquals(code, error.getString("code"), error.encode());
    assertEquals(field, error.getString("param"), error.encode());
  }

  /// The abuse list: schemas. Each row: the schema, the code, the field below `schema`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7|invalid_value|",
        "{\"type\":\"thing\"}|invalid_value|.type",
        "{\"type\":\"string\",\"pattern\":\"(a+)+\"}|unsupported_parameter|.pattern",
        "{\"properties\":{\"a\":{\"oneOf\":[]}}}|unsupported_parameter|.properties.a.oneOf",
        "{\"$ref\":\"http://169.254.169.254/\"}|unsupported_parameter|.$ref",
        "{\"$ref\":\"#/$defs/no\"}|invalid_value|.$ref",
        "{\"type\":\"string\",\"minLength\":99999}|unsupported_parameter|.minLength",
        "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2}|invalid_value|.maxItems",
      })
  void abuseOfSchemas(String schema, String code, String field) throws Exception {
    int port = serve();
    String format =
        ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":%s}}"
            .formatted(schema);
    JsonObject error = error(RawHttp.post(port, CHAT, ask("x", format)), 400);
    assertEquals(code, error.getString("code"), error.encode());
    assertEquals(
        "response_format.json_schema.schema" + (field == null ? "" : field),
        error.getString("param"),
        error.encode());
  }

  /// The abuse list: bodies.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|400|invalid_json",
        "[]|400|invalid_json",
        "nothing|400|invalid_json",
        "{} {}|400|invalid_json",
        "{\"messages\":[],\"messages\":[]}|400|invalid_json",
        "{}|400|invalid_value",
        "{\"messages\":[]}|400|invalid_value",
        "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}|400|invalid_value",
        "{\"messages\":[{\"role\":\"user\",\"content\":7}]}|400|invalid_value",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}]}|400|unsupported_parameter",
        "{\"model\":\"../../etc/passwd\",\"messages\":[]}|404|model_not_found",
      })
  void abuseOfBodies(String body, int status, String code) throws Exception {
    int port = serve();
    assertEquals(code, error(RawHttp.post(port, CHAT, body), status).getString("code"));
  }

  /// The abuse list: URLs of pictures. None is fetched, none is repeated.
  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/latest/meta-data",
    "https://example.org/a.png",
    "file:///etc/passwd",
    "/etc/passwd",
    "'data:text/html;base64,AAAA'",
    "'data:image/png;base64,####'",
    "'data:image/png;base64,'",
    "'data:image/png,AAAA'",
  })
  void abuseOfUrls(String url) throws Exception {
    int port = serve();
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]}]}"
            .formatted(url);
    Response response = RawHttp.post(port, CHAT, body);
    JsonObject error = error(response, 400);
    assertEquals("messages[0].content[0].image_url.url", error.getString("param"));
    assertFalse(response.body().contains("etc"), response.body());
  }

  @Test
  void abuseOfJsonByDepthAndSize() throws Exception {
    int port = serve();
    String deep = "{\"messages\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertEquals("invalid_json", error(RawHttp.post(port, CHAT, deep), 400).getString("code"));
    String digits = "{\"seed\":" + "9".repeat(5_000) + "}";
    assertEquals("invalid_json", error(RawHttp.post(port, CHAT, digits), 400).getString("code"));
    try (var http = new RawHttp(port)) {
      http.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  .formatted(CHAT)
              + "Content-Length: 99999999999\r\n\r\n");
      assertEquals(413, http.readAll().status());
    }
    try (var http = new RawHttp(port)) {
      http.send(
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  .formatted(CHAT)
              + "Transfer-Encoding: chunked\r\n\r\n1E848\r\n"
              + " ".repeat(125_000)
              + "\r\n");
      assertEquals(413, http.readAll().status());
    }
    assertEquals(0, face.insideCount());
  }
}
