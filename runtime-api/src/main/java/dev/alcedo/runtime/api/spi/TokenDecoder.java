// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// Turns a stream of token ids into text that never breaks a character. One thread.
public interface TokenDecoder {
  /// The text that `id` completes; empty while a character is incomplete.
  ///
  /// @throws IllegalArgumentException if the id is out of range
  String next(int id);

  /// What is held back, malformed UTF-8 replaced; the decoder starts anew after it.
  String finish();
}
