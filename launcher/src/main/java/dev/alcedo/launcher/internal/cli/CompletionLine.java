// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.runtime.api.InvalidRequestException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/// One line of `complete --requests`: a JSON object with `prompt` and `images`, or `promptTokens`,
/// and perhaps `maxTokens`.
///
/// @param prompt what to continue
/// @param maxTokens tokens to generate at most, where the line says so
record CompletionLine(RawPrompt prompt, Optional<Integer> maxTokens) {
  private static final String PROMPT = "prompt";
  private static final String PROMPT_TOKENS = "promptTokens";
  private static final String IMAGES = "images";
  private static final String MAX_TOKENS = "maxTokens";
  private static final Set<String> KNOWN =
      new TreeSet<>(List.of(PROMPT, PROMPT_TOKENS, IMAGES, MAX_TOKENS));

  /// Reads a line.
  ///
  /// @throws InvalidRequestException naming the field that is the matter
  static CompletionLine parse(String line) {
    JsonObject json = object(line);
    for (String field : json.fieldNames()) {
      if (!KNOWN.contains(field)) {
        throw new InvalidRequestException(
            "field '%s' is not known; known: %s".formatted(field, String.join(", ", KNOWN)));
      }
    }
    Optional<Integer> maxTokens = field(json, MAX_TOKENS, "a whole number", Integer.class);
    if (maxTokens.filter(n -> n < 0).isPresent()) {
      throw wrong(MAX_TOKENS, "0 or more", maxTokens.get());
    }
    return new CompletionLine(prompt(json), maxTokens);
  }

  private static JsonObject object(String line) {
    try {
      return new JsonObject(line);
    } catch (DecodeException e) {
      throw new InvalidRequestException("expected a JSON object: " + e.getMessage(), e);
    }
  }

  private static RawPrompt prompt(JsonObject json) {
    Optional<String> text = field(json, PROMPT, "a text", String.class);
    Optional<JsonArray> tokens = field(json, PROMPT_TOKENS, "token ids", JsonArray.class);
    Optional<JsonArray> images = field(json, IMAGES, "files", JsonArray.class);
    if (text.isPresent() == tokens.isPresent()) {
      throw new InvalidRequestException(
          "expected either '%s' or '%s', got %s"
              .formatted(PROMPT, PROMPT_TOKENS, text.isPresent() ? "both" : "none"));
    }
    if (tokens.isPresent() && images.isPresent()) {
      throw new InvalidRequestException(
          "'%s' go with '%s', not with '%s'".formatted(IMAGES, PROMPT, PROMPT_TOKENS));
    }
    List<Path> files =
        images
            .map(array ->
                elements(array, IMAGES, "a file", String.class::isInstance, CompletionLine::path))
            .orElse(List.of());
    return text.map(t -> RawPrompt.ofText(t, files))
        .orElseGet(() ->
            RawPrompt.ofTokens(
                elements(
                    tokens.orElseThrow(),
                    PROMPT_TOKENS,
                    "a token id",
                    Integer.class::isInstance,
                    Integer.class::cast)));
  }

  private static Path path(Object text) {
    try {
      return Path.of((String) text);
    } catch (InvalidPathException e) {
      throw new InvalidRequestException("field '%s': %s".formatted(IMAGES, e.getMessage()), e);
    }
  }

  private static <T> Optional<T> field(
      JsonObject json, String name, String expected, Class<T> type) {
    Object value = json.getValue(name);
    if (value != null && !type.isInstance(value)) {
      throw wrong(name, expected, value);
    }
    return Optional.ofNullable(value).map(type::cast);
  }

  private static <T> List<T> elements(
      JsonArray array,
      String name,
      String expected,
      Predicate<Object> isFit,
      Function<Object, T> reader) {
    return array.stream()
        .map(element -> {
          if (!isFit.test(element)) {
            throw wrong(name, expected, element);
          }
          return reader.apply(element);
        })
        .toList();
  }

  private static InvalidRequestException wrong(String field, String expected, Object got) {
    return new InvalidRequestException(
        "field '%s': expected %s, got %s".formatted(field, expected, got));
  }
}
