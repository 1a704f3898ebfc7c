// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;

/// A decoder as graphs over one position each, with one output each. Input names are the constants
/// below.
///
/// @param config hyper-parameters
/// @param vocabSize rows of the embedding table and columns of the logits
/// @param embedding [#IDS] I32 `[1]` to embeddings F32 `[1, embeddingLength]`
/// @param blocks [#EMBEDDINGS] and [#POSITIONS] I32 `[1]`, or `[1, 4]` with M-RoPE, to hidden rows
///   F32 `[1, embeddingLength]` before the last norm, with the KV cache
/// @param logits [#HIDDEN] to raw scores F32 `[1, vocabSize]`
public record TextModel(
    TextConfig config, int vocabSize, Graph embedding, Graph blocks, Graph logits) {
  /// Token ids.
  public static final String IDS = "ids";

  /// What goes into the blocks: embedded tokens or image tokens.
  public static final String EMBEDDINGS = "embeddings";

  /// Rotary positions: one, or time, row, column and an unused one.
  public static final String POSITIONS = "positions";

  /// What came out of the last block.
  public static final String HIDDEN = "hidden";
}
