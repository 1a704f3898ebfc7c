// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.projector;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.Weights;
import dev.alcedo.vision.pipeline.internal.tower.Widened;

/// MiniCPM-V's projector (Yao et al., arXiv 2408.01800): learned queries attend once to the
/// features of a picture, whose keys know where they lie. So each picture gives as many image
/// tokens, however large it is.
///
/// @param tower whose features come in
/// @param queryCount image tokens of a picture
/// @param length columns of queries and keys, a multiple of [#HEAD_LENGTH]
/// @param outputLength columns of an image token
/// @param file where the weights lie
public record Resampler(
    TowerConfig tower, int queryCount, int length, int outputLength, ModelFile file) {
  /// Columns of an attention head, in all models of the family.
  public static final int HEAD_LENGTH = 128;

  /// What the tower gives, `[patchCount, embeddingLength]` F32.
  public static final String FEATURES = "features";

  /// What is added to the keys, `[patchCount, length]` F32.
  public static final String POSITIONS = "keyPositions";

  /// The learned queries, `[queryCount, length]` F32: the same for all pictures, but a graph has
  /// rows of its own only as inputs.
  public static final String QUERIES = "queries";

  /// The tensor of the queries.
  public static final String QUERY = "resampler.query";

  /// The last matrix: `[outputLength, length]`.
  public static final String OUTPUT = "resampler.proj";

  /// The queries as the graph takes them.
  ///
  /// @throws ModelFormatException if the tensor is missing or does not fit
  public TensorView queries() {
    return Widened.of(file, QUERY, queryCount, length);
  }

  /// Features of `patchCount` patches to image tokens `[queryCount, outputLength]`.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph graph(int patchCount) {
    var graph = new GraphBuilder("vision.projector");
    var weights = new Weights(file, graph);
    float eps = tower.layerNormEpsilon();
    Value features = graph.input(FEATURES, DType.F32, patchCount, tower.embeddingLength());
    Value positions = graph.input(POSITIONS, DType.F32, patchCount, length);
    Value queries = graph.input(QUERIES, DType.F32, queryCount, length);
    Value values =
        weights.layerNorm("resampler.ln_kv", weights.linear("resampler.kv", features, length), eps);
    Value keys = graph.add(values, positions);
    Value asked = weights.layerNorm("resampler.ln_q", queries, eps);
    Value mixed =
        graph.attention(
            attention(),
            weights.linear("resampler.attn.q", asked, length),
            weights.linear("resampler.attn.k", keys, length),
            weights.linear("resampler.attn.v", values, length));
    Value answered = weights.linear("resampler.attn.out", mixed, length);
    Value normed = weights.layerNorm("resampler.ln_post", answered, eps);
    return graph.output(weights.linear(OUTPUT, normed, outputLength)).build();
  }

  private Op.Attention attention() {
    int headCount = length / HEAD_LENGTH;
    float scale = (float) (1 / Math.sqrt(HEAD_LENGTH));
    return new Op.Attention(headCount, headCount, HEAD_LENGTH, scale, Op.Attention.NO_CACHE, 0);
  }
}
