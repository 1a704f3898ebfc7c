// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.Statistics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/// Ollama's reply objects. Durations are nanoseconds.
final class OllamaReplies {
  /// The release of Ollama whose API this follows; clients compare it to what they need.
  static final String VERSION = "0.12.0";

  private final String name;
  private final ModelInfo info;
  private final Instant loadedAt;

  OllamaReplies(String name, ModelInfo info, Instant loadedAt) {
    this.name = name;
    this.info = info;
    this.loadedAt = loadedAt;
  }

  /// A piece of an answer.
  JsonObject piece(boolean isChat, String text) {
    return put(head(), isChat, text).put("done", false);
  }

  /// The end of an answer.
  ///
  /// @param text all of it, or nothing after pieces
  JsonObject end(boolean isChat, String text, StreamEvent.Done done) {
    Statistics statistics = done.statistics();
    return put(head(), isChat, text)
        .put("done", true)
        .put("done_reason", done.reason() == Answer.Reason.LENGTH ? "length" : "stop")
        .put(
            "total_duration", statistics.timeToFirstToken().plus(statistics.decodeTime()).toNanos())
        .put("load_duration", 0)
        .put("prompt_eval_count", statistics.promptTokenCount())
        .put("prompt_eval_duration", statistics.prefillTime().toNanos())
        .put("eval_count", statistics.generatedTokenCount())
        .put("eval_duration", statistics.decodeTime().toNanos());
  }

  /// The answer to no question.
  JsonObject loaded(boolean isChat) {
    return put(head(), isChat, "").put("done", true).put("done_reason", "load");
  }

  private JsonObject head() {
    return new JsonObject().put("model", name).put("created_at", Instant.now().toString());
  }

  private static JsonObject put(JsonObject head, boolean isChat, String text) {
    return isChat
        ? head.put("message", new JsonObject().put("role", "assistant").put("content", text))
        : head.put("response", text);
  }

  /// The model in a list. Its digest stands for name and shape: no file is hashed.
  JsonObject entry() {
    return new JsonObject()
        .put("name", name)
        .put("model", name)
        .put("modified_at", loadedAt.toString())
        .put("size", bytes())
        .put("digest", digest())
        .put("details", shape());
  }

  /// The model in the list of those in memory, which it never leaves.
  JsonObject runningEntry() {
    return entry()
        .put("expires_at", "2318-01-01T00:00:00Z")
        .put("size_vram", 0)
        .put("context_length", info.contextLength());
  }

  /// What the model is.
  JsonObject details() {
    var capabilities = new JsonArray().add("completion");
    if (!info.encoder().isEmpty()) {
      capabilities.add("vision");
    }
    String family = family();
    return new JsonObject()
        .put("modelfile", "")
        .put("parameters", "")
        .put("template", "")
        .put("details", shape())
        .put(
            "model_info",
            new JsonObject()
                .put("general.architecture", family)
                .put("general.basename", info.name())
                .put(family + ".context_length", info.contextLengthTrained()))
        .put("capabilities", capabilities)
        .put("modified_at", loadedAt.toString());
  }

  private JsonObject shape() {
    return new JsonObject()
        .put("parent_model", "")
        .put("format", "gguf")
        .put("family", family())
        .put("families", new JsonArray().add(family()))
        .put("parameter_size", "")
        .put(
            "quantization_level",
            info.dtypeBytes().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(""));
  }

  private String family() {
    return info.family().split(":")[0];
  }

  private long bytes() {
    return info.dtypeBytes().values().stream().mapToLong(Long::longValue).sum();
  }

  private String digest() {
    try {
      String text = name + "\n" + info.name() + "\n" + info.family() + "\n" + info.dtypeBytes();
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
