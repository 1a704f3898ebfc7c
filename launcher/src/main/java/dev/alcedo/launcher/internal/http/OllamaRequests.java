// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.runtime.api.Message.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ollama's requests. What is not supported is refused by name, as in OpenAI's.
final class OllamaRequests {
  private static final int TURN_COUNT_MAX = 1000;
  private static final int PICTURE_COUNT_MAX = 16;
  private static final String LATEST = ":latest";

  private final String model;
  private final int contextLength;
  private final GenerationSpec defaults;

  /// @param contextLength positions of a session, which requests may not exceed
  OllamaRequests(String model, int contextLength, GenerationSpec defaults) {
    this.model = model;
    this.contextLength = contextLength;
    this.defaults = defaults;
  }

  /// @param ask nothing if only the model is to be loaded
  record Asked(@Nullable Ask ask) {}

  Asked chat(Fields fields) {
    checkModel(fields);
    neutral(fields);
    List<Ask.Turn> turns = turns(fields.node("messages"));
    return end(fields, turns.isEmpty() ? null : new Ask.Chat(turns));
  }

  Asked generate(Fields fields) {
    checkModel(fields);
    neutral(fields);
    fields.neutral("suffix", "\"\"");
    fields.neutral("template", "\"\"");
    fields.neutral("context", "[]");
    String prompt = fields.text("prompt");
    String system = fields.text("system");
    boolean isRaw = fields.flag("raw", false);
    List<Ask.Piece> pieces = pieces("images", fields.node("images"), prompt);
    if (prompt == null || prompt.isEmpty()) {
      return end(fields, null);
    }
    if (isRaw) {
      if (system != null && !system.isEmpty()) {
        throw HttpFailure.invalid("system", "expected nothing with a raw prompt");
      }
      return end(fields, new Ask.Raw(pieces));
    }
    var turns = new ArrayList<Ask.Turn>();
    if (system != null && !system.isEmpty()) {
      turns.add(new Ask.Turn(Role.SYSTEM, List.of(new Ask.Text(system))));
    }
    turns.add(new Ask.Turn(Role.USER, pieces));
    return end(fields, new Ask.Chat(turns));
  }

  /// Asks what the model is.
  void show(Fields fields) {
    checkModel(fields);
    fields.flag("verbose", false);
    fields.neutral("system", "\"\"");
    fields.neutral("template", "\"\"");
    fields.neutral("options", "{}");
    fields.end();
  }

  private void checkModel(Fields fields) {
    String asked = fields.text("model");
    String old = fields.text("name");
    asked = asked == null ? old : asked;
    if (asked == null) {
      throw HttpFailure.invalid("model", "expected a name, got nothing");
    }
    if (!asked.equals(model) && !asked.equals(model + LATEST)) {
      throw new HttpFailure(
          404,
          "invalid_request_error",
          "model_not_found",
          "model",
          "model: expected '%s', which is served here".formatted(model));
    }
  }

  private static void neutral(Fields fields) {
    fields.node("keep_alive"); // the model stays loaded whatever it says
    fields.neutral("tools", "[]");
    fields.neutral("think", "false");
    fields.neutral("logprobs", "false");
    fields.neutral("top_logprobs", "0");
  }

  private Asked end(Fields fields, Ask.@Nullable Prompt prompt) {
    boolean isStream = fields.flag("stream", true);
    JsonNode node = fields.node("options");
    Fields inner =
        Fields.of("options", node == null ? JsonNodeFactory.instance.objectNode() : node);
    GenerationSpec options =
        SamplingFields.ofOllama(inner, defaults, contextLength, OutputForm.ofOllama(fields));
    inner.end();
    fields.end();
    return new Asked(prompt == null ? null : new Ask(prompt, options, isStream, false, false, -1));
  }

  private static List<Ask.Turn> turns(@Nullable JsonNode list) {
    if (list == null) {
      return List.of();
    }
    if (!list.isArray() || list.size() > TURN_COUNT_MAX) {
      throw HttpFailure.invalid(
          "messages", "expected a list of at most %d messages".formatted(TURN_COUNT_MAX));
    }
    var turns = new ArrayList<Ask.Turn>();
    int pictures = 0;
    for (int i = 0; i < list.size(); i++) {
      Ask.Turn turn = turn(Fields.of("messages[%d]".formatted(i), list.get(i)));
      pictures += turn.pieces().size() - 1;
      turns.add(turn);
    }
    if (pictures > PICTURE_COUNT_MAX) {
      throw HttpFailure.invalid(
          "messages",
          "expected at most %d pictures, got %d".formatted(PICTURE_COUNT_MAX, pictures));
    }
    return turns;
  }

  private static Ask.Turn turn(Fields fields) {
    String name = fields.text("role");
    Role role =
        switch (name == null ? "" : name) {
          case "system" -> Role.SYSTEM;
          case "user" -> Role.USER;
          case "assistant" -> Role.ASSISTANT;
          default ->
              throw HttpFailure.invalid(fields.name("role"), "expected system, user or assistant");
        };
    fields.neutral("thinking", "\"\"");
    fields.neutral("tool_calls", "[]");
    fields.neutral("tool_name", "\"\"");
    JsonNode images = fields.node("images");
    if (images != null && !images.isEmpty() && role != Role.USER) {
      throw HttpFailure.unsupported(fields.name("images"), "pictures are the user's");
    }
    List<Ask.Piece> pieces = pieces(fields.name("images"), images, fields.text("content"));
    fields.end();
    return new Ask.Turn(role, pieces);
  }

  /// The pictures, then the text, as Ollama orders them.
  private static List<Ask.Piece> pieces(
      String field, @Nullable JsonNode images, @Nullable String text) {
    var pieces = new ArrayList<Ask.Piece>();
    if (images != null) {
      if (!images.isArray() || images.size() > PICTURE_COUNT_MAX) {
        throw HttpFailure.invalid(
            field, "expected a list of at most %d pictures".formatted(PICTURE_COUNT_MAX));
      }
      for (int i = 0; i < images.size(); i++) {
        String name = "%s[%d]".formatted(field, i);
        if (!images.get(i).isTextual()) {
          throw HttpFailure.invalid(name, "expected a picture in base64");
        }
        pieces.add(new Ask.Picture(DataUrl.base64(name, images.get(i).textValue())));
      }
    }
    pieces.add(new Ask.Text(text == null ? "" : text));
    return pieces;
  }
}
