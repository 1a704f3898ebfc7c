// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaGrammarTest {
  /// A schema of which the last keyword is more than we do.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "allOf",
        "oneOf",
        "not",
        "if",
        "pattern",
        "format",
        "patternProperties",
        "minProperties",
        "uniqueItems",
        "prefixItems",
        "contains",
        "multipleOf",
        "dependentRequired",
        "nonsense"
      })
  void aKeywordThatWouldRestrictIsRefusedByName(String keyword) throws Exception {
    var schema =
        new ObjectMapper()
            .readTree(
                "{\"properties\": {\"a\": {\"description\": \"d\", \"%s\": 1}}}"
                    .formatted(keyword));
    var failure = assertThrows(SchemaException.class, () -> SchemaGrammar.of(schema));
    assertEquals("properties.a." + keyword, failure.path());
    assertTrue(failure.isUnsupported());
  }

  @Test
  void schemasAreBounded() {
    ObjectNode deep = JsonNodeFactory.instance.objectNode();
    ObjectNode at = deep;
    for (int i = 0; i < 100; i++) {
      at = at.put("type", "array").putObject("items");
    }
    assertThrows(SchemaException.class, () -> SchemaGrammar.of(deep));

    ObjectNode wide = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < 2000; i++) {
      wide.withObject("properties").putObject("p" + i);
    }
    assertThrows(SchemaException.class, () -> SchemaGrammar.of(wide));

    // Each definition asks for the next one a few times: exponential if it were written out.
    ObjectNode bomb = JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/d0");
    ObjectNode definitions = bomb.putObject("$defs");
    for (int i = 0; i < 14; i++) {
      ObjectNode one = definitions.putObject("d" + i);
      for (int k = 0; k < 10; k++) {
        one.withObject("properties").putObject("p" + k).put("$ref", "#/$defs/d" + (i + 1));
      }
    }
    definitions.putObject("d14").put("type", "null");
    assertTrue(SchemaGrammar.of(bomb).length() < 100_000);
  }
}
