// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.spi.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The example model, drawing wildly, held to schemas: whatever it writes is valid by them.
class SchemaAnswersTest {
  private static final Path FILE =
      Path.of("..", "examples", "models", "alcedo-tiny", "alcedo-tiny-q8_0.gguf");
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static Alcedo alcedo;
  private static Model model;

  @BeforeAll
  static void load() {
    alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);
    model = alcedo.load(ModelOptions.of(FILE), Progress.NONE);
  }

  @AfterAll
  static void close() {
    model.close();
    alcedo.close();
  }

  private static Answer answer(String grammar, float temperature, long seed, int count) {
    var options =
        new GenerationOptions(
            count, temperature, 0, 1, 0, 1, 64, seed, List.of(), false, 0, grammar);
    List<PromptPart> parts = List.of(new PromptPart.Text("a red circle"));
    try (Session session = model.openSession()) {
      return session.generate(new Request.Completion(parts, options), TokenListener.NONE).await();
    }
  }

  /// Draws answers until enough of them came to their end, and checks each.
  private static void check(String schema, Predicate<JsonNode> isValid) throws Exception {
    String grammar = SchemaGrammar.of(MAPPER.readTree(schema));
    int wholeCount = 0;
    for (long seed = 1; seed <= 12; seed++) {
      Answer answer = answer(grammar, seed % 3, seed, 600);
      if (answer.reason() == Answer.Reason.END) {
        wholeCount++;
        JsonNode json = MAPPER.readTree(answer.text());
        assertTrue(isValid.test(json), () -> answer.text() + " by " + schema);
      }
    }
    assertTrue(wholeCount > 0, "some answers are whole: " + schema);
  }

  @Test
  void objectsWithRequiredAndOptionalProperties() throws Exception {
    check(
        """
        {"type": "object", "additionalProperties": false, "required": ["kind", "count"],
         "properties": {
           "note": {"type": ["string", "null"], "maxLength": 5},
           "kind": {"enum": ["circle", "a \\"square\\"", 7, null]},
           "count": {"type": "integer", "minimum": -3, "exclusiveMaximum": 42},
           "round": {"type": "boolean"}}}
        """,
        json ->
            json.has("kind")
                && json.get("count").isIntegralNumber()
                && json.get("count").asLong() >= -3
                && json.get("count").asLong() < 42
                && (!json.has("round") || json.get("round").isBoolean())
                && (!json.has("note")
                    || json.get("note").isNull()
                    || json.get("note")
                            .textValue()
                            .codePointCount(0, json.get("note").textValue().length())
                        <= 5)
                && List.of("\"circle\"", "\"a \\\"square\\\"\"", "7", "null")
                    .contains(json.get("kind").toString()));
  }

  @Test
  void arraysOfBoundedLength() throws Exception {
    check(
        """
        {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9},
         "minItems": 2, "maxItems": 4}
        """,
        json -> json.isArray() && json.size() >= 2 && json.size() <= 4);
    check("{\"type\": \"array\", \"maxItems\": 0}", json -> json.isArray() && json.isEmpty());
    check(
        "{\"type\": \"array\", \"items\": {\"const\": 1}, \"maxItems\": 1}",
        json -> json.isArray() && json.size() <= 1);
  }

  @Test
  void choicesAndRecursion() throws Exception {
    check(
        """
        {"$ref": "#/$defs/tree",
         "$defs": {"tree": {"anyOf": [
           {"type": "integer", "minimum": 1, "maximum": 3},
           {"type": "object", "required": ["left"],
            "properties": {"left": {"$ref": "#/$defs/tree"}, "right": {"$ref": "#/$defs/tree"}}}]}}}
        """,
        json -> json.isInt() || json.has("left"));
    check(
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"boolean\"}, \"maxLength\": 3}",
        json -> json.isObject() && json.propertyStream().allMatch(p -> p.getValue().isBoolean()));
  }

  @Test
  void anyObject() throws Exception {
    int wholeCount = 0;
    for (long seed = 1; seed <= 12; seed++) {
      Answer answer = answer(SchemaGrammar.anyObject(), 1.5f, seed, 600);
      if (answer.reason() == Answer.Reason.END) {
        wholeCount++;
        // Names may come twice, which JSON allows.
        assertTrue(new ObjectMapper().readTree(answer.text()).isObject(), answer.text());
      }
    }
    assertTrue(wholeCount > 0);
  }

  @Test
  void theBestTokenThatIsAllowedIsTaken() {
    String free = answer("", 0, 1, 3).text();
    Answer held = answer("root ::= \" blue\" | \" red\"", 0, 1, 50);
    assertEquals(Answer.Reason.END, held.reason());
    assertTrue(held.text().equals(" blue") || held.text().equals(" red"), held.text());
    assertFalse(free.equals(held.text()));
    assertEquals(free, answer("root ::= .*", 0, 1, 3).text(), "what allows all changes nothing");
  }
}
