// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.http.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// OpenAI's own client for Java.
class OpenAiJavaTest {
  private static final OpenAIClient CLIENT =
      OpenAIOkHttpClient.builder().baseUrl(Served.URL + "/v1").apiKey("none").build();

  @AfterAll
  static void close() {
    CLIENT.close();
  }

  private static ChatCompletionCreateParams.Builder question() {
    var picture =
        ChatCompletionContentPart.ofImageUrl(
            ChatCompletionContentPartImage.builder()
                .imageUrl(
                    ChatCompletionContentPartImage.ImageUrl.builder()
                        .url("data:image/png;base64," + Served.picture())
                        .build())
                .build());
    var text =
        ChatCompletionContentPart.ofText(
            ChatCompletionContentPartText.builder().text(Served.QUESTION).build());
    return ChatCompletionCreateParams.builder()
        .model(Served.MODEL)
        .addUserMessageOfArrayOfContentParts(List.of(picture, text));
  }

  @Test
  void modelsAreListed() {
    assertEquals(Served.MODEL, CLIENT.models().list().data().get(0).id());
  }

  @Test
  void aPictureIsAnsweredAbout() {
    ChatCompletion reply = CLIENT.chat().completions().create(question().build());
    assertEquals(Served.ANSWER, reply.choices().get(0).message().content().orElseThrow());
    assertTrue(reply.usage().orElseThrow().promptTokens() > 16, "pictures count");
  }

  @Test
  void anAnswerStreams() {
    var params =
        question()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (var stream = CLIENT.chat().completions().createStreaming(params)) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();
      String text =
          chunks.stream()
              .flatMap(chunk -> chunk.choices().stream())
              .flatMap(choice -> choice.delta().content().stream())
              .collect(Collectors.joining());
      assertEquals(Served.ANSWER, text);
      assertTrue(chunks.size() > 5, "it comes in pieces");
      assertTrue(chunks.get(chunks.size() - 1).usage().isPresent(), "counts come last");
    }
  }

  @Test
  void anAnswerKeepsToASchema() throws Exception {
    var schema =
        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties",
                JsonValue.from(
                    Map.of(
                        "colour", Map.of("enum", List.of("blue", "green", "red")),
                        "count", Map.of("type", "integer", "minimum", 0, "maximum", 9))))
            .putAdditionalProperty("required", JsonValue.from(List.of("colour", "count")))
            .putAdditionalProperty("additionalProperties", JsonValue.from(false))
            .build();
    var format =
        ResponseFormatJsonSchema.builder()
            .jsonSchema(
                ResponseFormatJsonSchema.JsonSchema.builder()
                    .name("shapes")
                    .strict(true)
                    .schema(schema)
                    .build())
            .build();
    ChatCompletion reply =
        CLIENT.chat().completions().create(question().responseFormat(format).build());
    var json =
        new ObjectMapper().readTree(reply.choices().get(0).message().content().orElseThrow());
    assertTrue(
        List.of("blue", "green", "red").contains(json.get("colour").asText()), json.toString());
    assertTrue(json.get("count").isInt(), json.toString());
  }

  @Test
  void whatIsNotSupportedIsSaid() {
    var failure =
        assertThrows(
            BadRequestException.class,
            () -> CLIENT.chat().completions().create(question().n(2).build()));
    assertEquals("unsupported_parameter", failure.code().orElseThrow());
  }
}
