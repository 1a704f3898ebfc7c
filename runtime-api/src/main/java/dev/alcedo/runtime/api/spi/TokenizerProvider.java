// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// A kind of tokenizer: byte-pair encoding, SentencePiece, WordPiece.
public interface TokenizerProvider extends Provider {
  /// Whether this kind can read the model's tokenizer metadata (`tokenizer.ggml.model`,
  /// `tokenizer.ggml.pre`, ...). Never throws; names what it does not know.
  Support supports(Metadata metadata);

  /// Builds the tokenizer.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if the tables contradict each other
  Tokenizer open(Metadata metadata);
}
