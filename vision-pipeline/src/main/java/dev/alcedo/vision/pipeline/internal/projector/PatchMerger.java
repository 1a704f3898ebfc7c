// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.projector;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.vision.pipeline.internal.tower.QwenTower;
import dev.alcedo.vision.pipeline.internal.tower.Weights;

/// Qwen2-VL's projector: the patches of a square, which follow one another, become one row; then
/// Linear, GELU, Linear.
///
/// @param width columns of a patch
/// @param merge patches along a side of a square
/// @param outputLength columns of an image token
/// @param file where the weights lie
public record PatchMerger(int width, int merge, int outputLength, ModelFile file) {
  /// The last matrix: `[outputLength, ...]`.
  public static final String OUTPUT = "mm.2";

  private static final String HIDDEN = "mm.0";

  /// Features `[patchCount, width]`, squares one after the other, to image tokens `[patchCount /
  /// merge², outputLength]`.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a tensor is missing or does not fit
  public Graph graph(int patchCount) {
    var graph = new GraphBuilder("vision.projector");
    var weights = new Weights(file, graph);
    Value features = graph.input(QwenTower.FEATURES, DType.F32, patchCount, width);
    int joined = width * merge * merge;
    Value squares =
        graph.node(new Op.Reshape(Shape.of(patchCount / (merge * merge), joined)), features);
    Value hidden = weights.linear(HIDDEN, squares, joined);
    Value active = graph.node(new Op.Gelu(Op.Gelu.Form.TANH), hidden);
    return graph.output(weights.linear(OUTPUT, active, outputLength)).build();
  }
}
