// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// A piece of a template.
///
/// @param text the characters; of strings without quotes and escapes
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    INTEGER,
    FLOAT,
    STRING,
    OPERATOR,
    END
  }

  boolean is(Kind kind, String text) {
    return this.kind == kind && this.text.equals(text);
  }

  /// For messages.
  String describe() {
    return switch (kind) {
      case END -> "the end of the template";
      case BLOCK_BEGIN, PRINT_BEGIN, BLOCK_END, PRINT_END, OPERATOR, NAME, INTEGER, FLOAT ->
          "'" + Shown.name(text) + "'";
      case DATA -> "text";
      case STRING -> "a string";
    };
  }
}
