// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// What an entry of `tokenizer.ggml.token_type` says; the ordinals are the values in the file.
enum TokenType {
  /// Not said; treated like [#NORMAL].
  UNDEFINED,
  /// A piece of text.
  NORMAL,
  /// What stands for text that the vocabulary cannot spell; never written out.
  UNKNOWN,
  /// Begin, end, roles: never text, and spelled by trusted text only.
  CONTROL,
  /// Text that is cut out before everything else, wherever it comes from.
  USER_DEFINED,
  /// Not used in training; treated like [#NORMAL].
  UNUSED,
  /// One byte, spelled `<0xNN>`.
  BYTE;

  private static final TokenType[] VALUES = values();

  static final int COUNT = VALUES.length;

  static TokenType of(int ordinal) {
    return VALUES[ordinal];
  }

  /// Whether merging characters may end at such a token. Control, unknown and byte tokens may not:
  /// no sequence of user characters is one of them.
  boolean isText() {
    return this == NORMAL || this == USER_DEFINED || this == UNUSED || this == UNDEFINED;
  }

  /// Whether it is never text.
  boolean isControl() {
    return this == CONTROL || this == UNKNOWN;
  }
}
