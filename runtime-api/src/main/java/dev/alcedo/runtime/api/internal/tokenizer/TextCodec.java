// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// How a kind of tokenizer spells ordinary text, the text between special tokens. Any thread.
interface TextCodec {
  /// Adds the ids of `text` to `out`. The text is not empty and has no lone surrogates.
  ///
  /// @param first whether the text begins the input or follows a special token
  void encode(String text, boolean first, IntList out);

  /// The bytes of the ordinary (not control, user-defined or byte) token spelled `piece`.
  byte[] decode(String piece);

  /// Whether [#encode] puts a space before text that is `first`, which decoding takes away again.
  boolean addsSpacePrefix();

  /// What to call it, e.g. `bpe (qwen2)`.
  String describe();
}
