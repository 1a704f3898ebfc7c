// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.runtime.api.Message.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's requests for chat and completions. Fields of the API that are not supported are
/// accepted only where they ask for what happens anyway, and refused by name otherwise.
final class OpenAiRequests {
  private static final int TURN_COUNT_MAX = 1000;
  private static final int PICTURE_COUNT_MAX = 16;
  private static final int TOP_COUNT_MAX = 20;

  private final String model;
  private final GenerationSpec defaults;

  /// @param model name of the only model
  /// @param defaults where requests say nothing
  OpenAiRequests(String model, GenerationSpec defaults) {
    this.model = model;
    this.defaults = defaults;
  }

  /// A chat completion.
  Ask chat(Fields fields) {
    common(fields);
    boolean hasLogProbabilities = fields.flag("logprobs", false);
    Integer top = fields.integer("top_logprobs", 0, TOP_COUNT_MAX);
    if (top != null && !hasLogProbabilities) {
      throw HttpFailure.invalid("top_logprobs", "expected logprobs to be true with it");
    }
    fields.neutral("tools", "[]");
    fields.neutral("tool_choice", "\"none\"", "\"auto\"");
    fields.neutral("parallel_tool_calls");
    fields.neutral("functions", "[]");
    fields.neutral("function_call", "\"none\"");
    fields.neutral("modalities", "[\"text\"]");
    fields.neutral("reasoning_effort", "\"none\"");
    fields.neutral("store", "false");
    fields.neutral("service_tier", "\"auto\"", "\"default\"");
    // The engine reports no log-probability of a token below the best: ask for all that it may.
    int topCount = hasLogProbabilities ? TOP_COUNT_MAX : 0;
    Ask.Chat prompt = new Ask.Chat(turns(fields.required("messages")));
    GenerationSpec options =
        SamplingFields.read(fields, defaults, topCount, OutputForm.ofOpenAi(fields));
    return end(fields, prompt, options, hasLogProbabilities ? top == null ? 0 : top : -1);
  }

  /// A completion.
  Ask completion(Fields fields) {
    common(fields);
    fields.neutral("best_of", "1");
    fields.neutral("echo", "false");
    fields.neutral("suffix");
    fields.neutral("logprobs");
    Ask.Raw prompt = new Ask.Raw(List.of(prompt(fields.required("prompt"))));
    GenerationSpec options = SamplingFields.read(fields, defaults, 0, OutputForm.ofOpenAi(fields));
    return end(fields, prompt, options, -1);
  }

  /// Refuses models other than the one that is served.
  void checkModel(@Nullable String asked) {
    if (asked != null && !asked.equals(model)) {
      throw new HttpFailure(
          404,
          "invalid_request_error",
          "model_not_found",
          "model",
          "model: expected '%s', which is served here".formatted(model));
    }
  }

  private void common(Fields fields) {
    checkModel(fields.text("model"));
    fields.text("user"); // names who asks: nothing depends on it
    fields.neutral("n", "1");
    fields.neutral("frequency_penalty", "0", "0.0");
    fields.neutral("presence_penalty", "0", "0.0");
    fields.neutral("logit_bias", "{}");
  }

  private static Ask end(Fields fields, Ask.Prompt prompt, GenerationSpec options, int topCount) {
    boolean isStream = fields.flag("stream", false);
    boolean hasProgress = fields.flag("return_progress", false);
    boolean hasUsage = false;
    JsonNode node = fields.node("stream_options");
    if (node != null) {
      if (!isStream) {
        throw HttpFailure.invalid("stream_options", "expected stream to be true with it");
      }
      Fields streamOptions = Fields.of("stream_options", node);
      hasUsage = streamOptions.flag("include_usage", false);
      streamOptions.neutral("include_obfuscation", "false");
      streamOptions.end();
    }
    if (hasProgress && !isStream) {
      throw HttpFailure.invalid("return_progress", "expected stream to be true with it");
    }
    fields.end();
    return new Ask(prompt, options, isStream, hasUsage, hasProgress, topCount);
  }

  private static Ask.Piece prompt(JsonNode node) {
    JsonNode one =
        node.isArray() && node.size() == 1 && node.get(0).isTextual() ? node.get(0) : node;
    if (one.isTextual()) {
      return new Ask.Text(one.textValue());
    }
    if (!one.isArray() || one.isEmpty()) {
      throw HttpFailure.invalid("prompt", "expected one text or one list of token ids");
    }
    return new Ask.Tokens(ids("prompt", one));
  }

  /// Token ids in a list.
  static List<Integer> ids(String field, JsonNode list) {
    var ids = new ArrayList<Integer>();
    for (JsonNode id : list) {
      if (!id.isInt() || id.intValue() < 0) {
        throw HttpFailure.invalid(field, "expected token ids, got " + Fields.kind(id));
      }
      ids.add(id.intValue());
    }
    return ids;
  }

  private static List<Ask.Turn> turns(JsonNode list) {
    if (!list.isArray() || list.isEmpty() || list.size() > TURN_COUNT_MAX) {
      throw HttpFailure.invalid(
          "messages", "expected a list of 1 to %d messages".formatted(TURN_COUNT_MAX));
    }
    var turns = new ArrayList<Ask.Turn>();
    for (int i = 0; i < list.size(); i++) {
      turns.add(turn(Fields.of("messages[%d]".formatted(i), list.get(i))));
    }
    long pictures =
        turns.stream().flatMap(turn -> turn.pieces().stream()).filter(Ask.Piece::isPicture).count();
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
          case "system", "developer" -> Role.SYSTEM;
          case "user" -> Role.USER;
          case "assistant" -> Role.ASSISTANT;
          default ->
              throw HttpFailure.invalid(
                  fields.name("role"), "expected system, developer, user or assistant");
        };
    // What clients repeat of an answer when they send it back.
    fields.neutral("refusal");
    fields.neutral("audio");
    fields.neutral("function_call");
    fields.neutral("tool_calls", "[]");
    fields.neutral("annotations", "[]");
    fields.neutral("name");
    List<Ask.Piece> pieces = pieces(fields.name("content"), fields.required("content"), role);
    fields.end();
    return new Ask.Turn(role, pieces);
  }

  private static List<Ask.Piece> pieces(String name, JsonNode content, Role role) {
    if (content.isTextual()) {
      return List.of(new Ask.Text(content.textValue()));
    }
    if (!content.isArray() || content.isEmpty()) {
      throw HttpFailure.invalid(name, "expected a text or a list of parts");
    }
    var pieces = new ArrayList<Ask.Piece>();
    for (int i = 0; i < content.size(); i++) {
      Fields part = Fields.of("%s[%d]".formatted(name, i), content.get(i));
      pieces.add(piece(part, role));
      part.end();
    }
    return pieces;
  }

  private static Ask.Piece piece(Fields part, Role role) {
    String type = part.text("type");
    if ("text".equals(type)) {
      part.required("text");
      return new Ask.Text(String.valueOf(part.text("text")));
    }
    if ("image_url".equals(type) && role == Role.USER) {
      Fields image = Fields.of(part.name("image_url"), part.required("image_url"));
      image.required("url");
      String url = String.valueOf(image.text("url"));
      Ask.Piece picture = picture(image.name("url"), url);
      // Of what it costs elsewhere; clients send it unasked, and the picture decides here.
      image.neutral("detail", "\"auto\"", "\"low\"", "\"high\"");
      image.end();
      return picture;
    }
    throw HttpFailure.unsupported(
        part.name("type"),
        role == Role.USER
            ? "expected text or image_url"
            : "expected text; pictures are the user's");
  }

  private static Ask.Piece picture(String field, String url) {
    if (Images.isHandle(url)) {
      return new Ask.Prepared(Images.handle(field, url));
    }
    return DataUrl.isRemote(url)
        ? new Ask.Remote(field, url)
        : new Ask.Picture(DataUrl.picture(field, url));
  }
}
