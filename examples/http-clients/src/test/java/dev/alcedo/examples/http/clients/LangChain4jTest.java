// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.http.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// LangChain4j, by its modules for OpenAI's API and for Ollama's.
class LangChain4jTest {
  record Client(String name, ChatModel whole, StreamingChatModel streaming) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Client> clients() {
    return Stream.of(
        new Client(
            "openai",
            OpenAiChatModel.builder()
                .baseUrl(Served.URL + "/v1")
                .apiKey("none")
                .modelName(Served.MODEL)
                .build(),
            OpenAiStreamingChatModel.builder()
                .baseUrl(Served.URL + "/v1")
                .apiKey("none")
                .modelName(Served.MODEL)
                .build()),
        new Client(
            "ollama",
            OllamaChatModel.builder().baseUrl(Served.URL).modelName(Served.MODEL).build(),
            OllamaStreamingChatModel.builder()
                .baseUrl(Served.URL)
                .modelName(Served.MODEL)
                .build()));
  }

  private static ChatRequest.Builder question() {
    return ChatRequest.builder()
        .messages(
            UserMessage.from(
                ImageContent.from(Served.picture(), "image/png"),
                TextContent.from(Served.QUESTION)));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aPictureIsAnsweredAbout(Client client) {
    ChatResponse reply = client.whole().chat(question().build());
    assertEquals(Served.ANSWER, reply.aiMessage().text());
    assertTrue(reply.tokenUsage().inputTokenCount() > 16, "pictures count");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void anAnswerStreams(Client client) throws Exception {
    var whole = new CompletableFuture<ChatResponse>();
    var pieces = new java.util.concurrent.ConcurrentLinkedQueue<String>();
    client
        .streaming()
        .chat(
            question().build(),
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String text) {
                pieces.add(text);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                whole.completeExceptionally(failure);
              }
            });
    assertEquals(Served.ANSWER, whole.get(1, TimeUnit.MINUTES).aiMessage().text());
    assertEquals(Served.ANSWER, String.join("", pieces));
    assertTrue(pieces.size() > 5, "it comes in pieces");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void anAnswerKeepsToASchema(Client client) throws Exception {
    var schema =
        JsonObjectSchema.builder()
            .addEnumProperty("colour", List.of("blue", "green", "red"))
            .addIntegerProperty("count")
            .required("colour", "count")
            .build();
    var format =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name("shapes").rootElement(schema).build())
            .build();
    ChatResponse reply = client.whole().chat(question().responseFormat(format).build());
    var json = new ObjectMapper().readTree(reply.aiMessage().text());
    assertTrue(
        List.of("blue", "green", "red").contains(json.get("colour").asText()), json.toString());
    assertTrue(json.get("count").isIntegralNumber(), json.toString());
  }
}
