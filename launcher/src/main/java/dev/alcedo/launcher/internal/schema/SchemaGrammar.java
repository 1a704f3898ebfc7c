// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON schema as a grammar of documents that are all valid by it. Not every valid document is
/// among them: properties come in the schema's order, and no others where it names some. A keyword
/// that would restrict answers further and is not known here is refused.
public final class SchemaGrammar {
  private static final int DEPTH_MAX = 32;
  private static final int LENGTH_MAX = 256 << 10;
  private static final int COUNT_MAX = 1_000;
  private static final Set<String> NOTES =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions");
  private static final List<String> KNOWN =
      List.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "minItems",
          "maxItems",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "enum",
          "const",
          "anyOf",
          "$ref");

  private final JsonNode root;
  private final Gbnf grammar = new Gbnf();
  private final Map<String, String> refs = new HashMap<>();
  private int depth;

  private SchemaGrammar(JsonNode root) {
    this.root = root;
  }

  /// The grammar of any JSON object.
  public static String anyObject() {
    return new Gbnf().text("object");
  }

  /// The grammar of a schema.
  ///
  /// @throws SchemaException if it is no schema, or not one that answers can be held to
  public static String of(JsonNode schema) {
    var self = new SchemaGrammar(schema);
    return self.grammar.text(self.value(schema, ""));
  }

  /// The expression of a schema's documents.
  private String value(JsonNode schema, String path) {
    if (schema.isBoolean() && schema.booleanValue()) {
      return "value";
    }
    if (!schema.isObject()) {
      throw SchemaException.wrong(path, "expected a schema, which is an object");
    }
    if (++depth > DEPTH_MAX) {
      throw SchemaException.unsupported(path, "deeper than %d schemas".formatted(DEPTH_MAX));
    }
    if (grammar.length() > LENGTH_MAX) {
      throw SchemaException.unsupported(path, "the schema is too large");
    }
    check(schema, path);
    String out = grammar.add(body(schema, path));
    depth--;
    return out;
  }

  private static void check(JsonNode schema, String path) {
    for (var names = schema.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!NOTES.contains(name) && !KNOWN.contains(name)) {
        throw SchemaException.unsupported(
            below(path, name), "this keyword is not supported; known: " + String.join(", ", KNOWN));
      }
    }
  }

  private String body(JsonNode schema, String path) {
    for (String alone : List.of("$ref", "const", "enum", "anyOf")) {
      if (schema.has(alone)) {
        refuseOthers(schema, path, alone);
        return alone(schema.get(alone), alone, below(path, alone));
      }
    }
    JsonNode type = schema.get("type");
    List<String> types = new ArrayList<>();
    if (type == null) {
      types.add(schema.has("properties") ? "object" : schema.has("items") ? "array" : "value");
    } else if (type.isTextual()) {
      types.add(type.textValue());
    } else if (type.isArray() && !type.isEmpty() && type.size() <= 7) {
      type.forEach(one -> types.add(one.asText()));
    } else {
      throw SchemaException.wrong(below(path, "type"), "expected a type or a list of types");
    }
    return Gbnf.anyOf(types.stream().map(one -> ofType(one, schema, path)).toList());
  }

  // A type beside an enum says nothing new where all values have it, which most schemas write.
  private static void refuseOthers(JsonNode schema, String path, String alone) {
    for (String other : KNOWN) {
      boolean isTypeOfEnum = other.equals("type") && !alone.equals("$ref");
      if (!other.equals(alone) && schema.has(other) && !isTypeOfEnum) {
        throw SchemaException.unsupported(below(path, other), "is not supported beside " + alone);
      }
    }
    if (alone.equals("anyOf") && schema.has("type")) {
      throw SchemaException.unsupported(below(path, "type"), "is not supported beside anyOf");
    }
  }

  private String alone(JsonNode node, String keyword, String path) {
    return switch (keyword) {
      case "$ref" -> ref(node, path);
      case "const" -> Gbnf.literal(node.toString());
      case "enum" -> {
        List<String> options = new ArrayList<>();
        for (JsonNode one : list(node, path)) {
          options.add(Gbnf.literal(one.toString()));
        }
        yield Gbnf.anyOf(options);
      }
      default -> {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < list(node, path).size(); i++) {
          options.add(value(node.get(i), "%s[%d]".formatted(path, i)));
        }
        yield Gbnf.anyOf(options);
      }
    };
  }

  private static JsonNode list(JsonNode node, String path) {
    if (!node.isArray() || node.isEmpty() || node.size() > COUNT_MAX) {
      throw SchemaException.wrong(path, "expected a list of 1 to %d".formatted(COUNT_MAX));
    }
    return node;
  }

  private String ref(JsonNode node, String path) {
    String pointer = node.asText();
    if (!pointer.equals("#") && !pointer.startsWith("#/")) {
      throw SchemaException.unsupported(path, "expected a place in this schema, like #/$defs/name");
    }
    String known = refs.get(pointer);
    if (known != null) {
      return known;
    }
    JsonNode target = root.at(pointer.substring(1));
    if (target.isMissingNode()) {
      throw SchemaException.wrong(path, "there is nothing at that place of the schema");
    }
    String name = grammar.reserve();
    refs.put(pointer, name);
    grammar.define(
        name, value(target, pointer.substring(1).replace('/', '.').replaceFirst("^\\.", "")));
    return name;
  }

  private String ofType(String type, JsonNode schema, String path) {
    return switch (type) {
      case "object" -> object(schema, path);
      case "array" -> array(schema, path);
      case "string" -> string(schema, path);
      case "integer" -> integer(schema, path);
      case "number" -> number(schema, path);
      case "boolean", "null", "value" -> type;
      default ->
          throw SchemaException.wrong(
              below(path, "type"),
              "expected object, array, string, integer, number, boolean or null");
    };
  }

  private String object(JsonNode schema, String path) {
    JsonNode properties = schema.get("properties");
    JsonNode more = schema.get("additionalProperties");
    if (properties != null && !properties.isObject()) {
      throw SchemaException.wrong(below(path, "properties"), "expected an object");
    }
    Set<String> required = required(schema, properties, path);
    if (properties == null || properties.isEmpty()) {
      if (more == null || more.isBoolean() && more.booleanValue()) {
        return "object";
      }
      if (more.isBoolean()) {
        return "\"{\" ws \"}\"";
      }
      String pair =
          grammar.add("string \":\" ws " + value(more, below(path, "additionalProperties")));
      return "\"{\" ws (%s (\",\" ws %s)*)? ws \"}\"".formatted(pair, pair);
    }
    if (properties.size() > COUNT_MAX) {
      throw SchemaException.unsupported(
          below(path, "properties"), "more than %d properties".formatted(COUNT_MAX));
    }
    return "\"{\" ws " + members(properties, required, path) + " ws \"}\"";
  }

  // From the last property to the first: what may follow if one was written already, and if none
  // was, which tells whether a comma comes first.
  private String members(JsonNode properties, Set<String> required, String path) {
    List<String> names = new ArrayList<>();
    properties.fieldNames().forEachRemaining(names::add);
    String behind = "\"\"";
    String first = "\"\"";
    for (String name : names.reversed()) {
      String key = Gbnf.literal(quoted(name) + ":");
      String member =
          grammar.add(
              key + " ws " + value(properties.get(name), below(below(path, "properties"), name)));
      boolean isRequired = required.contains(name);
      String taken = member + " " + behind;
      String nextFirst = grammar.add(isRequired ? taken : taken + " | " + first);
      String next = "\",\" ws " + taken;
      behind = grammar.add(isRequired ? next : next + " | " + behind);
      first = nextFirst;
    }
    return first;
  }

  private static String quoted(String name) {
    return com.fasterxml.jackson.databind.node.TextNode.valueOf(name).toString();
  }

  private static Set<String> required(JsonNode schema, @Nullable JsonNode properties, String path) {
    Set<String> out = new HashSet<>();
    JsonNode required = schema.get("required");
    if (required == null) {
      return out;
    }
    if (!required.isArray()) {
      throw SchemaException.wrong(below(path, "required"), "expected a list of names");
    }
    for (JsonNode name : required) {
      if (!name.isTextual() || properties == null || !properties.has(name.textValue())) {
        throw SchemaException.unsupported(
            below(path, "required"), "expected names that are among the properties");
      }
      out.add(name.textValue());
    }
    return out;
  }

  private String array(JsonNode schema, String path) {
    JsonNode items = schema.get("items");
    String item = items == null ? "value" : value(items, below(path, "items"));
    int min = count(schema, "minItems", 0, path);
    int max = count(schema, "maxItems", -1, path);
    if (max == 0) {
      return "\"[\" ws \"]\"";
    }
    checkOrder(min, max, "maxItems", path);
    String more =
        "(\",\" ws %s)%s".formatted(item, times(Math.max(0, min - 1), max < 0 ? -1 : max - 1));
    return "\"[\" ws (%s %s)%s ws \"]\"".formatted(item, more, min == 0 ? "?" : "");
  }

  private String string(JsonNode schema, String path) {
    int min = count(schema, "minLength", 0, path);
    int max = count(schema, "maxLength", -1, path);
    if (min == 0 && max < 0) {
      return "string";
    }
    checkOrder(min, max, "maxLength", path);
    return "\"\\\"\" char" + times(min, max) + " \"\\\"\"";
  }

  private static String times(int min, int max) {
    return max < 0 ? "{%d,}".formatted(min) : "{%d,%d}".formatted(min, max);
  }

  private static void checkOrder(int min, int max, String keyword, String path) {
    if (max >= 0 && max < min) {
      throw SchemaException.wrong(below(path, keyword), "expected at least the minimum");
    }
  }

  private static int count(JsonNode schema, String keyword, int fallback, String path) {
    JsonNode node = schema.get(keyword);
    if (node == null) {
      return fallback;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw SchemaException.wrong(below(path, keyword), "expected a whole number from 0");
    }
    if (node.intValue() > COUNT_MAX) {
      throw SchemaException.unsupported(below(path, keyword), "more than " + COUNT_MAX);
    }
    return node.intValue();
  }

  private static String integer(JsonNode schema, String path) {
    long min = -IntegerRange.LIMIT;
    long max = IntegerRange.LIMIT;
    boolean isBounded = false;
    for (String keyword : List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")) {
      JsonNode node = schema.get(keyword);
      if (node == null) {
        continue;
      }
      if (!node.isIntegralNumber()
          || !node.canConvertToLong()
          || Math.abs(node.longValue()) > IntegerRange.LIMIT) {
        throw SchemaException.unsupported(
            below(path, keyword), "expected a whole number of at most %d digits".formatted(15));
      }
      isBounded = true;
      long bound = node.longValue();
      switch (keyword) {
        case "minimum" -> min = Math.max(min, bound);
        case "exclusiveMinimum" -> min = Math.max(min, bound + 1);
        case "maximum" -> max = Math.min(max, bound);
        default -> max = Math.min(max, bound - 1);
      }
    }
    if (min > max) {
      throw SchemaException.wrong(below(path, "minimum"), "no whole number is in the range");
    }
    return isBounded ? IntegerRange.of(min, max) : "integer";
  }

  private static String number(JsonNode schema, String path) {
    for (String keyword : List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")) {
      if (schema.has(keyword)) {
        throw SchemaException.unsupported(
            below(path, keyword), "is supported for integers, not for numbers");
      }
    }
    return "number";
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
