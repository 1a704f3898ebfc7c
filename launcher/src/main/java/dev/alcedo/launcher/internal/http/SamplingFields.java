// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The fields that say how answers are drawn, which chat and completions have in common. Absent
/// ones take the server's defaults.
final class SamplingFields {
  private static final int STOP_COUNT_MAX = 16;
  private static final int STOP_LENGTH_MAX = 1000;

  private static final List<String> LOADING =
      List.of("num_batch", "num_gpu", "main_gpu", "num_thread", "num_keep", "use_mmap", "numa");

  private SamplingFields() {}

  /// @param topCount log-probabilities that each step reports
  /// @param grammar what the answer must look like
  static GenerationSpec read(
      Fields fields, GenerationSpec defaults, int topCount, @Nullable String grammar) {
    Integer maxTokens = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    Integer maxCompletionTokens = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (maxTokens != null && maxCompletionTokens != null) {
      throw HttpFailure.invalid("max_tokens", "expected one of it and max_completion_tokens");
    }
    Long seed = fields.whole("seed");
    return new GenerationSpec(
        or(or(maxTokens, maxCompletionTokens), defaults.maxTokens()),
        or(fields.number("temperature", 0, 100), defaults.temperature()),
        or(fields.integer("top_k", 0, Integer.MAX_VALUE), defaults.topK()),
        or(fields.number("top_p", Float.MIN_NORMAL, 1), defaults.topP()),
        or(fields.number("min_p", 0, 1), defaults.minP()),
        or(fields.number("repeat_penalty", 0.01, 10), defaults.repeatPenalty()),
        defaults.repeatWindow(),
        seed(seed),
        stops(fields),
        null,
        topCount,
        or(grammar, defaults.grammar()));
  }

  /// Ollama's `options`, under its names. `num_ctx` may ask for what sessions have anyway.
  ///
  /// @param contextLength positions of a session
  static GenerationSpec ofOllama(
      Fields fields, GenerationSpec defaults, int contextLength, @Nullable String grammar) {
    Integer count = fields.integer("num_predict", -2, Integer.MAX_VALUE);
    Integer window = fields.integer("repeat_last_n", -1, 65_536);
    fields.integer("num_ctx", 1, contextLength);
    Long seed = fields.whole("seed");
    fields.neutral("frequency_penalty", "0", "0.0");
    fields.neutral("presence_penalty", "0", "0.0");
    fields.neutral("typical_p", "1", "1.0");
    fields.neutral("tfs_z", "1", "1.0");
    fields.neutral("mirostat", "0");
    // Where and how a model is loaded, which it is already.
    for (String field : LOADING) {
      fields.node(field);
    }
    return new GenerationSpec(
        count == null ? defaults.maxTokens() : Integer.valueOf(Math.max(0, count)),
        or(fields.number("temperature", 0, 100), defaults.temperature()),
        or(fields.integer("top_k", 0, Integer.MAX_VALUE), defaults.topK()),
        or(fields.number("top_p", Float.MIN_NORMAL, 1), defaults.topP()),
        or(fields.number("min_p", 0, 1), defaults.minP()),
        or(fields.number("repeat_penalty", 0.01, 10), defaults.repeatPenalty()),
        window == null ? defaults.repeatWindow() : Integer.valueOf(window < 0 ? 65_536 : window),
        seed(seed),
        stops(fields),
        null,
        0,
        or(grammar, defaults.grammar()));
  }

  private static Long seed(@Nullable Long given) {
    return given == null ? Long.valueOf(ThreadLocalRandom.current().nextInt(1, 1 << 30)) : given;
  }

  private static List<String> stops(Fields fields) {
    JsonNode node = fields.node("stop");
    if (node == null) {
      return List.of();
    }
    var out = new ArrayList<String>();
    for (JsonNode one : node.isArray() ? node : List.of(node)) {
      if (!one.isTextual()
          || one.textValue().isEmpty()
          || one.textValue().length() > STOP_LENGTH_MAX
          || out.size() == STOP_COUNT_MAX) {
        throw HttpFailure.invalid(
            fields.name("stop"),
            "expected at most %d texts of 1 to %d characters"
                .formatted(STOP_COUNT_MAX, STOP_LENGTH_MAX));
      }
      out.add(one.textValue());
    }
    return out;
  }

  private static <T> @Nullable T or(@Nullable T value, @Nullable T fallback) {
    return value == null ? fallback : value;
  }
}
