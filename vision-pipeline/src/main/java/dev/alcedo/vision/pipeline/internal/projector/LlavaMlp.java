// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.projector;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import dev.alcedo.vision.pipeline.internal.tower.Weights;

/// LLaVA's projector (Liu et al., arXiv 2310.03744): each patch through Linear, GELU, Linear; or,
/// where the file has `mm.3`, Yi-VL's Linear, LayerNorm, GELU, Linear, LayerNorm. The GELU is the
/// tanh form, as llama.cpp computes it.
///
/// @param tower whose features come in
/// @param outputLength columns of an image token
public record LlavaMlp(VisionTower tower, int outputLength) implements Projector {
  private static final String FIRST = ClipNames.LLAVA_MLP + 0;
  private static final String SECOND = ClipNames.LLAVA_MLP + 2;
  private static final String YI_SECOND = ClipNames.LLAVA_MLP + 3;

  /// Columns of an image token that the projector in `file` gives.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if it has none
  public static int outputLength(ModelFile file) {
    boolean isYi = file.find(YI_SECOND + ".weight").isPresent();
    return file.tensor((isYi ? YI_SECOND : SECOND) + ".weight").shape().dim(0);
  }

  @Override
  public int tokensPerTile() {
    return tower.config().patchCount();
  }

  @Override
  public Graph graph() {
    var graph = new GraphBuilder("vision.projector");
    var weights = new Weights(tower.file(), graph);
    Value features =
        graph.input(
            VisionTower.FEATURES, DType.F32, tower.config().patchCount(), tower.featureLength());
    Value out = isYi() ? yi(weights, features) : plain(weights, features);
    return graph.output(out).build();
  }

  @Override
  public String describe() {
    return isYi() ? "two-layer MLP with norms" : "two-layer MLP";
  }

  private boolean isYi() {
    return tower.file().find(YI_SECOND + ".weight").isPresent();
  }

  private Value plain(Weights weights, Value features) {
    Value hidden = weights.linear(FIRST, features, weights.rows(FIRST + ".weight"));
    return weights.linear(SECOND, gelu(weights, hidden), outputLength);
  }

  private Value yi(Weights weights, Value features) {
    float eps = tower.config().layerNormEpsilon();
    Value hidden = weights.linear(FIRST, features, weights.rows(FIRST + ".weight"));
    Value normed = weights.layerNorm(ClipNames.LLAVA_MLP + 1, hidden, eps);
    Value out = weights.linear(YI_SECOND, gelu(weights, normed), outputLength);
    return weights.layerNorm(ClipNames.LLAVA_MLP + 4, out, eps);
  }

  private static Value gelu(Weights weights, Value x) {
    return weights.graph().node("active", new Op.Gelu(Op.Gelu.Form.TANH), x);
  }
}
