// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.projector;

import dev.alcedo.runtime.api.graph.Graph;

/// The last part of an encoder: a tower's features of one tile to image tokens.
public interface Projector {
  /// Image tokens that one tile gives.
  int tokensPerTile();

  /// Features `[patches, embeddingLength]` of the tower to image tokens `[tokensPerTile, columns of
  /// the text model]`, one item being one tile.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a tensor is missing or does not fit
  Graph graph();

  /// For `alcedo inspect`, e.g. `2x2 downsampler and two-layer MLP`.
  String describe();
}
