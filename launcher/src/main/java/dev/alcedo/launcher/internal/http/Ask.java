// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.runtime.api.Message;
import java.util.List;

/// What a client asks for, whichever API it speaks.
///
/// @param prompt a conversation or a raw prompt
/// @param options how to answer
/// @param isStream whether pieces are sent as they come
/// @param hasUsage whether a stream ends with counts
/// @param hasProgress whether a stream tells of progress
/// @param topCount log-probabilities for each token; -1 for none, not even the token's own
record Ask(
    Prompt prompt,
    GenerationSpec options,
    boolean isStream,
    boolean hasUsage,
    boolean hasProgress,
    int topCount) {
  /// What to continue.
  sealed interface Prompt {}

  /// A conversation, oldest first.
  record Chat(List<Turn> turns) implements Prompt {}

  /// A raw prompt.
  record Raw(List<Piece> pieces) implements Prompt {}

  /// One message.
  record Turn(Message.Role role, List<Piece> pieces) {}

  /// A part of a message or prompt.
  sealed interface Piece {
    /// Whether it counts as a picture.
    default boolean isPicture() {
      return !(this instanceof Text || this instanceof Tokens);
    }
  }

  /// Text.
  record Text(String text) implements Piece {}

  /// Token ids.
  record Tokens(List<Integer> ids) implements Piece {}

  /// A picture's encoded bytes.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Picture(byte[] bytes) implements Piece {}

  /// A picture at another server, if it may be fetched.
  ///
  /// @param field for messages
  record Remote(String field, String url) implements Piece {}

  /// A picture that was handed in before.
  record Prepared(String handle) implements Piece {}
}
