// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.util.Optional;
import java.util.OptionalInt;

/// Text to token ids and back. Immutable; any thread.
public interface Tokenizer {
  /// Number of ids; they are `0..vocabSize() - 1`.
  int vocabSize();

  /// The ids of `text`.
  ///
  /// @param addSpecial whether to add the begin and end tokens that the model asks for
  /// @param trust which parts of the text may become control tokens; elsewhere their spelling is
  ///   ordinary text
  int[] encode(String text, boolean addSpecial, TextTrust trust);

  /// The bytes that `id` stands for, as they appear in output; control tokens have none unless
  /// `renderControl`. For SentencePiece the leading space of a word is part of its bytes.
  ///
  /// @throws IllegalArgumentException if the id is out of range
  byte[] bytes(int id, boolean renderControl);

  /// Text of `ids`, malformed UTF-8 replaced; the space that encoding put before the first word is
  /// taken away again.
  String decode(int[] ids, boolean renderControl);

  /// A decoder for a stream of ids that holds back incomplete UTF-8 and never splits a character.
  /// It begins at the start of a text and takes the space that encoding put there away, as
  /// [#decode] does; to go on in the middle of one, give it the id before first and drop the
  /// answer.
  TokenDecoder decoder();

  /// The token spelled exactly `piece` in the vocabulary (control tokens included).
  OptionalInt find(String piece);

  /// The spelling in the vocabulary, e.g. `▁the` or `<|im_end|>`.
  String piece(int id);

  /// Whether `id` is a control token: never text.
  boolean isControl(int id);

  /// Whether `id` ends an answer: end of sequence, end of turn.
  boolean isEnd(int id);

  /// Begin-of-sequence, where the model has one.
  OptionalInt beginId();

  /// End-of-sequence, where the model has one.
  OptionalInt endId();

  /// The model's own chat template (`tokenizer.chat_template`), if it brings one.
  Optional<String> chatTemplate();

  /// What `inspect` shows, e.g. `spm, 32000 tokens`.
  String describe();
}
