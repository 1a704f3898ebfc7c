// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A grammar that is being written: rules by name, those of JSON among them.
final class Gbnf {
  // Blanks are bounded, lest a model prints them for ever; escapes spell no half of a surrogate
  // pair, and exponents stay in the range of doubles.
  private static final String JSON =
      """
      ws ::= (" " | "\\n" [ \\t]{0,20})?
      char ::= [^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" ([0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex))
      hex ::= [0-9a-fA-F]
      string ::= "\\"" char* "\\""
      digits ::= "0" | [1-9] [0-9]{0,15}
      integer ::= "-"? digits
      number ::= "-"? digits ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?
      boolean ::= "true" | "false"
      null ::= "null"
      value ::= object | array | string | number | boolean | null
      object ::= "{" ws (pair ("," ws pair)*)? ws "}"
      pair ::= string ":" ws value
      array ::= "[" ws (value ("," ws value)*)? ws "]"
      """;

  private final Map<String, String> rules = new LinkedHashMap<>();
  private int length;

  /// Adds a rule under a name of its own, which the body may hold.
  String reserve() {
    String name = "r" + rules.size();
    rules.put(name, "");
    return name;
  }

  void define(String name, String body) {
    length += name.length() + body.length();
    rules.put(name, body);
  }

  String add(String body) {
    String name = reserve();
    define(name, body);
    return name;
  }

  /// Characters so far.
  int length() {
    return length;
  }

  /// All of it.
  String text(String root) {
    return "root ::= "
        + root
        + "\n"
        + JSON
        + rules.entrySet().stream()
            .map(rule -> rule.getKey() + " ::= " + rule.getValue() + "\n")
            .collect(Collectors.joining());
  }

  static String anyOf(List<String> options) {
    return options.size() == 1 ? options.getFirst() : "(" + String.join(" | ", options) + ")";
  }

  /// A text that stands for itself.
  static String literal(String text) {
    var out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c < ' ') {
            out.append("\\x%02X".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
