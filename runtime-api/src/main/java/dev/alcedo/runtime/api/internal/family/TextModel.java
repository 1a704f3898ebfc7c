// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Graph;

/// A decoder as graphs over one position each. Port names are the constants below.
///
/// @param config hyper-parameters
/// @param vocabSize rows of the embedding table and columns of the logits
/// @param embedding [#IDS] I32 `[1]` to [#EMBEDDINGS] F32 `[1, embeddingLength]`
/// @param blocks [#EMBEDDINGS] and [#POSITIONS] I32 `[1]` to [#HIDDEN] F32 `[1, embeddingLength]`,
///   with the KV cache
/// @param logits [#HIDDEN] to [#LOGITS] F32 `[1, vocabSize]`
public record TextModel(
    TextConfig config, int vocabSize, Graph embedding, Graph blocks, Graph logits) {
  /// Token ids.
  public static final String IDS = "ids";

  /// What goes into the blocks: embedded tokens or image tokens.
  public static final String EMBEDDINGS = "embeddings";

  /// Rotary positions.
  public static final String POSITIONS = "positions";

  /// What comes out of the last block, before the last norm.
  public static final String HIDDEN = "hidden";

  /// Raw scores.
  public static final String LOGITS = "logits";
}
