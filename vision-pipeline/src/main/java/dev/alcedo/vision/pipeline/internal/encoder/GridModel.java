// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.grid.PatchGrid;
import dev.alcedo.vision.pipeline.internal.grid.PatchOrder;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import java.util.Map;

/// A tower and projector for pictures of any patch grid. The graphs know how many patches there
/// are, not how they lie: that is in [#tables]. So pictures of as many patches share graphs.
/// Immutable; any thread.
interface GridModel {
  /// Hyper-parameters of the tower.
  TowerConfig config();

  /// The order in which the patches go through the tower.
  PatchOrder order(PatchGrid grid);

  /// Image tokens of a picture.
  int tokenCount(PatchGrid grid);

  /// Columns of an image token.
  int tokenLength();

  /// Where the image token at `index` of the projector's output stands in the prompt, from 0.
  int tokenPlace(PatchOrder order, int index);

  /// One item is one patch: the first input is its pixels `[3, patchSize, patchSize]`, the output
  /// `[1, embeddingLength]`.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a tensor is missing or does not fit
  Graph patchEmbed();

  /// One item is a picture: the first input is its patches `[patchCount, embeddingLength]`, the
  /// output has the same shape.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a tensor is missing or does not fit
  Graph blocks(int patchCount);

  /// One item is a picture: the first input is what [#blocks] gives, the output `[tokens, columns
  /// of the text model]`.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a tensor is missing or does not fit
  Graph projector(int patchCount);

  /// What the graphs read besides pixels and features, by the name of the input; what [#patchEmbed]
  /// reads holds one item for each patch in order.
  Map<String, TensorView> tables(PatchOrder order);

  /// For `alcedo inspect`, e.g. `2x2 patch merger`.
  String describe();
}
