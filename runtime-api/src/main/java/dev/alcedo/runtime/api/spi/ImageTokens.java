// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.List;

/// An encoded picture: embeddings and how they stand in the prompt. Immutable; any thread.
///
/// @param embeddings `[tokens, embeddingLength]` F32 row-major
/// @param parts embeddings and marker texts in prompt order; the spans cover all embeddings once
/// @param report how it came about
public record ImageTokens(TensorView embeddings, List<Part> parts, ImageReport report) {
  /// Checks the layout.
  ///
  /// @throws IllegalArgumentException if the embeddings are no F32 matrix, or the spans do not
  ///   cover them in order
  public ImageTokens {
    parts = List.copyOf(parts);
    if (embeddings.dtype() != DType.F32 || embeddings.shape().rank() != 2) {
      throw new IllegalArgumentException(
          "image tokens: expected an F32 matrix, got %s %s"
              .formatted(embeddings.dtype(), embeddings.shape()));
    }
    int next = 0;
    for (Part part : parts) {
      if (part instanceof Part.Span span) {
        if (span.tokenStart() != next) {
          throw new IllegalArgumentException(
              "image tokens: expected a span from %d, got %s".formatted(next, span));
        }
        next += span.tokenCount();
      }
    }
    if (next != embeddings.shape().dim(0)) {
      throw new IllegalArgumentException(
          "image tokens: spans cover %d of %d".formatted(next, embeddings.shape().dim(0)));
    }
  }

  /// A piece of the picture's place in the prompt.
  public sealed interface Part {
    /// Text that the model was trained to see around or between tiles; may spell control tokens.
    record Marker(String text) implements Part {}

    /// The one token whose bytes are `text`, as a model was trained to see it where text of the
    /// same bytes would be tokenized otherwise (a line break after a space). Where the vocabulary
    /// has no such token, the text is tokenized.
    record Piece(String text) implements Part {}

    /// Consecutive embeddings.
    ///
    /// @param tokenStart the first
    /// @param tokenCount how many
    /// @param gridCols columns, where they are a grid row by row whose place in the picture the
    ///   model is told (M-RoPE); 0 where they just follow each other
    /// @param isBidirectional whether they see each other in both directions (Gemma 3); such a span
    ///   is prefilled as one
    record Span(int tokenStart, int tokenCount, int gridCols, boolean isBidirectional)
        implements Part {
      /// Checks the grid.
      ///
      /// @throws IllegalArgumentException if the columns do not divide the count
      public Span {
        if (tokenCount < 1 || gridCols < 0 || (gridCols > 0 && tokenCount % gridCols != 0)) {
          throw new IllegalArgumentException(
              "image tokens: %d of them in rows of %d".formatted(tokenCount, gridCols));
        }
      }

      /// Tokens that just follow each other.
      public Span(int tokenStart, int tokenCount) {
        this(tokenStart, tokenCount, 0, false);
      }
    }
  }
}
