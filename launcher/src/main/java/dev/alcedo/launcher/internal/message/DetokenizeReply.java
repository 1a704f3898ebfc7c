// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import java.util.List;

/// The text of token ids.
///
/// @param text of all of them; control tokens are spelled
/// @param pieces each one by itself, in order
public record DetokenizeReply(String text, List<Piece> pieces) {
  /// One token.
  ///
  /// @param text malformed UTF-8 replaced: a token may be a part of a character
  /// @param bytes 0 to 255 each
  public record Piece(String text, List<Integer> bytes) {}
}
