// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.launcher.internal.message.TemplateReply;
import dev.alcedo.launcher.internal.message.TemplateRequest;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.PromptTemplate;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Renders chat templates of files, and such that are given.
final class Templates {
  private static final String KEY = "tokenizer.chat_template";
  private static final String TOOL_USE = "tool_use";
  private static final Map<String, Object> GREETING = Map.of("role", "user", "content", "Hello");

  private final Alcedo alcedo;

  Templates(Alcedo alcedo) {
    this.alcedo = alcedo;
  }

  /// Renders.
  ///
  /// @throws VlmException naming file, template, line or field that is the matter
  TemplateReply render(TemplateRequest request) {
    Map<String, @Nullable Object> variables = variables(request.variables());
    variables.putIfAbsent("messages", List.of(GREETING));
    variables.putIfAbsent(
        "add_generation_prompt", Boolean.TRUE.equals(request.addGenerationPrompt()));
    PromptTemplate template = template(request, variables);
    return new TemplateReply(template.render(variables, now(request.date())));
  }

  private static Map<String, @Nullable Object> variables(@Nullable String json) {
    return json == null ? new LinkedHashMap<>() : Json.object("template variables", json);
  }

  private PromptTemplate template(
      TemplateRequest request, Map<String, @Nullable Object> variables) {
    String given = request.template();
    String file = request.file();
    if ((given == null) == (file == null)) {
      throw new InvalidRequestException("TemplateRequest: expected either 'file' or 'template'");
    }
    if (file == null) {
      return alcedo.template("chat template", String.valueOf(given));
    }
    Metadata metadata = alcedo.contents(Path.of(file)).metadata();
    String key = key(metadata, request.name(), variables.get("tools"));
    Tokenizer tokenizer = alcedo.tokenizer(Path.of(file));
    variables.putIfAbsent("bos_token", piece(tokenizer, tokenizer.beginId()));
    variables.putIfAbsent("eos_token", piece(tokenizer, tokenizer.endId()));
    return alcedo.template("%s of %s".formatted(key, metadata.source()), metadata.string(key));
  }

  private static String piece(Tokenizer tokenizer, OptionalInt id) {
    return id.isPresent() ? tokenizer.piece(id.getAsInt()) : "";
  }

  private static String key(Metadata metadata, @Nullable String name, @Nullable Object tools) {
    boolean hasTools = tools instanceof List<?> list && !list.isEmpty();
    if (name == null && hasTools && metadata.has(KEY + "." + TOOL_USE)) {
      return KEY + "." + TOOL_USE;
    }
    String key = name == null || name.equals("default") ? KEY : KEY + "." + name;
    if (metadata.has(key)) {
      return key;
    }
    List<String> known =
        metadata.keys().stream().filter(k -> k.equals(KEY) || k.startsWith(KEY + ".")).toList();
    throw new InvalidRequestException(
        "%s: expected a chat template '%s', the file has %s"
            .formatted(
                metadata.source(),
                key,
                known.isEmpty()
                    ? "none; 'alcedo inspect' shows which one stands in for it"
                    : String.join(", ", known)));
  }

  private static LocalDateTime now(@Nullable String date) {
    try {
      return date == null ? LocalDateTime.now() : LocalDate.parse(date).atStartOfDay();
    } catch (DateTimeException e) {
      throw new InvalidRequestException(
          "date: expected one like 2024-07-26, got '%s'".formatted(date), e);
    }
  }
}
