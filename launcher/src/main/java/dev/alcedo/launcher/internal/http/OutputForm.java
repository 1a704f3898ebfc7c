// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alcedo.launcher.internal.schema.SchemaException;
import dev.alcedo.launcher.internal.schema.SchemaGrammar;
import dev.alcedo.runtime.api.GenerationOptions;
import org.jspecify.annotations.Nullable;

/// What requests say about the form of answers, as a grammar: JSON, JSON of a schema, or a grammar
/// of their own.
final class OutputForm {
  private OutputForm() {}

  /// OpenAI's `response_format`, and `grammar` as llama-server has it.
  static @Nullable String ofOpenAi(Fields fields) {
    String grammar = fields.text("grammar");
    JsonNode node = fields.node("response_format");
    if (grammar != null && grammar.length() > GenerationOptions.GRAMMAR_LENGTH_MAX) {
      throw HttpFailure.invalid(
          "grammar",
          "expected at most %d characters".formatted(GenerationOptions.GRAMMAR_LENGTH_MAX));
    }
    if (node == null) {
      return grammar;
    }
    if (grammar != null) {
      throw HttpFailure.invalid("grammar", "expected one of it and response_format");
    }
    Fields format = Fields.of("response_format", node);
    String type = format.text("type");
    String out =
        switch (type == null ? "" : type) {
          case "text" -> null;
          case "json_object" -> {
            JsonNode schema = format.node("schema"); // as llama-server takes it
            yield schema == null
                ? SchemaGrammar.anyObject()
                : ofSchema(format.name("schema"), schema);
          }
          case "json_schema" -> {
            Fields inner = Fields.of(format.name("json_schema"), format.required("json_schema"));
            inner.text("name"); // for the client's eyes
            inner.text("description");
            inner.flag("strict", true); // always
            String grammarOfSchema = ofSchema(inner.name("schema"), inner.required("schema"));
            inner.end();
            yield grammarOfSchema;
          }
          default ->
              throw HttpFailure.invalid(
                  format.name("type"), "expected text, json_object or json_schema");
        };
    format.end();
    return out;
  }

  /// Ollama's `format`: `json`, or a schema.
  static @Nullable String ofOllama(Fields fields) {
    JsonNode node = fields.node("format");
    if (node == null || node.isTextual() && node.textValue().isEmpty()) {
      return null;
    }
    if (node.isTextual() && node.textValue().equals("json")) {
      return SchemaGrammar.anyObject();
    }
    if (!node.isObject()) {
      throw HttpFailure.invalid("format", "expected json or a schema");
    }
    return ofSchema("format", node);
  }

  private static String ofSchema(String name, JsonNode schema) {
    try {
      return SchemaGrammar.of(schema);
    } catch (SchemaException e) {
      String field = e.path().isEmpty() ? name : name + "." + e.path();
      throw e.isUnsupported()
          ? HttpFailure.unsupported(field, e.problem())
          : HttpFailure.invalid(field, e.problem());
    }
  }
}
