// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.Placement;
import dev.alcedo.runtime.api.Statistics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// OpenAI's reply objects of one request. `timings` are named as llama-server names them.
final class OpenAiReplies {
  private final boolean isChat;
  private final String id;
  private final String model;
  private final long createdSeconds;

  OpenAiReplies(boolean isChat, String model, long createdSeconds) {
    this.isChat = isChat;
    this.id = (isChat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID().toString().replace("-", "");
    this.model = model;
    this.createdSeconds = createdSeconds;
  }

  /// What a model is and where it runs.
  static JsonObject meta(ModelInfo info) {
    var placement = new JsonArray();
    for (Placement stage : info.placement()) {
      placement.add(
          new JsonObject()
              .put("stage", stage.stage().id())
              .put("backend", stage.backend())
              .put("device", stage.device())
              .put("reason", stage.reason()));
    }
    return new JsonObject()
        .put("name", info.name())
        .put("family", info.family())
        .put("context_length", info.contextLength())
        .put("has_pictures", !info.encoder().isEmpty())
        .put("placement", placement);
  }

  /// The whole answer.
  JsonObject whole(StreamEvent.Done done, @Nullable JsonArray logProbabilities) {
    JsonObject choice = new JsonObject().put("index", 0);
    if (isChat) {
      choice.put(
          "message",
          new JsonObject().put("role", "assistant").put("content", done.text()).putNull("refusal"));
    } else {
      choice.put("text", done.text());
    }
    choice.put("logprobs", content(logProbabilities)).put("finish_reason", reason(done.reason()));
    return head(isChat ? "chat.completion" : "text_completion")
        .put("choices", new JsonArray().add(choice))
        .put("usage", usage(done.statistics()))
        .put("timings", timings(done.statistics()));
  }

  /// The first piece of a chat: who speaks.
  JsonObject opening() {
    return chunk(new JsonObject().put("role", "assistant").put("content", ""), null, null);
  }

  /// A piece of the answer.
  JsonObject piece(String text, @Nullable JsonArray logProbabilities) {
    return chunk(new JsonObject().put("content", text), logProbabilities, null);
  }

  /// The last piece: why the answer ended.
  JsonObject closing(StreamEvent.Done done) {
    return chunk(new JsonObject(), null, reason(done.reason()))
        .put("timings", timings(done.statistics()));
  }

  /// Counts after the last piece.
  JsonObject usage(StreamEvent.Done done) {
    return head(isChat ? "chat.completion.chunk" : "text_completion")
        .put("choices", new JsonArray())
        .put("usage", usage(done.statistics()));
  }

  /// How far long work is.
  JsonObject progress(StreamEvent.Progress progress) {
    return head(isChat ? "chat.completion.chunk" : "text_completion")
        .put("choices", new JsonArray())
        .put(
            "progress",
            new JsonObject()
                .put("step", progress.step())
                .put("done", progress.done())
                .put("total", progress.total()));
  }

  private JsonObject chunk(
      JsonObject delta, @Nullable JsonArray logProbabilities, @Nullable String reason) {
    JsonObject choice = new JsonObject().put("index", 0);
    if (isChat) {
      choice.put("delta", delta);
    } else {
      choice.put("text", delta.getString("content", ""));
    }
    choice.put("logprobs", content(logProbabilities)).put("finish_reason", reason);
    return head(isChat ? "chat.completion.chunk" : "text_completion")
        .put("choices", new JsonArray().add(choice));
  }

  private JsonObject head(String object) {
    return new JsonObject()
        .put("id", id)
        .put("object", object)
        .put("created", createdSeconds)
        .put("model", model);
  }

  private static @Nullable JsonObject content(@Nullable JsonArray logProbabilities) {
    return logProbabilities == null
        ? null
        : new JsonObject().put("content", logProbabilities).putNull("refusal");
  }

  private static String reason(Answer.Reason reason) {
    return reason == Answer.Reason.LENGTH ? "length" : "stop";
  }

  private static JsonObject usage(Statistics statistics) {
    return new JsonObject()
        .put("prompt_tokens", statistics.promptTokenCount())
        .put("completion_tokens", statistics.generatedTokenCount())
        .put("total_tokens", statistics.promptTokenCount() + statistics.generatedTokenCount())
        .put(
            "prompt_tokens_details",
            new JsonObject()
                .put("cached_tokens", statistics.reusedTokenCount())
                .put("image_tokens", statistics.imageTokenCount()));
  }

  private static JsonObject timings(Statistics statistics) {
    return new JsonObject()
        .put("cache_n", statistics.reusedTokenCount())
        .put("prompt_n", statistics.promptTokenCount() - statistics.reusedTokenCount())
        .put("prompt_ms", millis(statistics.prefillTime()))
        .put("prompt_per_second", statistics.prefillRate())
        .put("predicted_n", statistics.generatedTokenCount())
        .put("predicted_ms", millis(statistics.decodeTime()))
        .put("predicted_per_second", statistics.decodeRate())
        .put("grammar_ms", millis(statistics.grammarTime()))
        .put("image_ms", millis(statistics.imageTime()))
        .put("first_token_ms", millis(statistics.timeToFirstToken()));
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
