// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object of a request, read field by field. What nobody asked for is refused by name in
/// [#end()]. A field that is null counts as absent.
final class Fields {
  private static final int DEPTH_MAX = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(64)
                          .maxNameLength(256)
                          .maxStringLength(Integer.MAX_VALUE) // the body is limited already
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String path;
  private final JsonNode object;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(String path, JsonNode object) {
    this.path = path;
    this.object = object;
  }

  /// The fields of a body.
  ///
  /// @throws HttpFailure if it is no JSON object, is nested too deeply or names a field twice
  static Fields parse(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node == null || !node.isObject()) {
        throw HttpFailure.refused(400, "invalid_json", "body: expected a JSON object");
      }
      return new Fields("", node);
    } catch (JsonProcessingException e) {
      throw HttpFailure.refused(
          400, "invalid_json", "body: expected a JSON object: " + brief(e.getOriginalMessage()));
    } catch (IOException e) {
      throw HttpFailure.refused(400, "invalid_json", "body: expected JSON in UTF-8");
    }
  }

  /// The fields of a nested object.
  ///
  /// @throws HttpFailure if it is none
  static Fields of(String path, JsonNode node) {
    if (!node.isObject()) {
      throw HttpFailure.invalid(path, "expected an object, got " + kind(node));
    }
    return new Fields(path + ".", node);
  }

  /// The full name of a field, for messages.
  String name(String field) {
    return path + field;
  }

  /// The value, null if absent.
  @Nullable JsonNode node(String field) {
    known.add(field);
    JsonNode node = object.get(field);
    return node == null || node.isNull() ? null : node;
  }

  /// The value of a field that must be there.
  JsonNode required(String field) {
    JsonNode node = node(field);
    if (node == null) {
      throw HttpFailure.invalid(name(field), "expected a value, got nothing");
    }
    return node;
  }

  @Nullable String text(String field) {
    JsonNode node = node(field);
    if (node != null && !node.isTextual()) {
      throw HttpFailure.invalid(name(field), "expected a text, got " + kind(node));
    }
    return node == null ? null : node.textValue();
  }

  boolean flag(String field, boolean fallback) {
    JsonNode node = node(field);
    if (node != null && !node.isBoolean()) {
      throw HttpFailure.invalid(name(field), "expected true or false, got " + kind(node));
    }
    return node == null ? fallback : node.booleanValue();
  }

  @Nullable Integer integer(String field, int min, int max) {
    JsonNode node = node(field);
    if (node == null) {
      return null;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      throw HttpFailure.invalid(
          name(field),
          "expected a whole number from %d to %d, got %s".formatted(min, max, brief(node)));
    }
    return node.intValue();
  }

  @Nullable Long whole(String field) {
    JsonNode node = node(field);
    if (node != null && !(node.isIntegralNumber() && node.canConvertToLong())) {
      throw HttpFailure.invalid(
          name(field), "expected a whole number of 64 bits, got " + brief(node));
    }
    return node == null ? null : node.longValue();
  }

  @Nullable Float number(String field, double min, double max) {
    JsonNode node = node(field);
    if (node == null) {
      return null;
    }
    if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
      throw HttpFailure.invalid(
          name(field), "expected a number from %s to %s, got %s".formatted(min, max, brief(node)));
    }
    return node.floatValue();
  }

  /// Accepts a field that is not supported only where it says what happens anyway.
  ///
  /// @param neutral its values in JSON that change nothing
  void neutral(String field, String... neutral) {
    JsonNode node = node(field);
    if (node == null) {
      return;
    }
    for (String one : neutral) {
      if (node.toString().equals(one)) {
        return;
      }
    }
    throw HttpFailure.unsupported(
        name(field),
        neutral.length == 0
            ? "is not supported"
            : "is not supported but as " + String.join(" or ", neutral));
  }

  /// Refuses fields that nobody asked for.
  ///
  /// @throws HttpFailure naming the first one and those that are known
  void end() {
    for (var names = object.fieldNames(); names.hasNext(); ) {
      String field = names.next();
      if (!known.contains(field)) {
        throw new HttpFailure(
            400,
            "invalid_request_error",
            "unknown_parameter",
            name(brief(field)),
            "%s: unknown field; known: %s".formatted(name(brief(field)), String.join(", ", known)));
      }
    }
  }

  /// What a value is, for messages that do not repeat it.
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case BOOLEAN -> "true or false";
      case NUMBER -> "a number";
      case OBJECT -> "an object";
      case STRING -> "a text";
      default -> "null";
    };
  }

  private static String brief(JsonNode node) {
    return node.isNumber() || node.isBoolean() ? brief(node.asText()) : kind(node);
  }

  private static String brief(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
