// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;

/// What stands before and after the blocks: the embedding table, the last norm and the output
/// matrix.
final class DecoderEnds {
  private DecoderEnds() {}

  /// Rows of the embedding table.
  ///
  /// @throws ModelFormatException if the table is missing or has other columns
  static int vocabSize(ModelFile file, TextConfig config) {
    TensorView table = file.tensor(TextNames.TOKEN_EMBD);
    if (table.shape().rank() != 2 || table.shape().cols() != config.embeddingLength()) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected [vocabulary, %d], got %s"
              .formatted(
                  file.metadata().source(),
                  TextNames.TOKEN_EMBD,
                  config.embeddingLength(),
                  table.shape()));
    }
    return table.shape().dim(0);
  }

  /// Ids to embeddings, multiplied by `scale`.
  static Graph embedding(ModelFile file, float scale) {
    var graph = new GraphBuilder("text.embedding");
    Value ids = graph.input(TextModel.IDS, DType.I32, 1);
    Value table = graph.constant(TextNames.TOKEN_EMBD, file.tensor(TextNames.TOKEN_EMBD));
    Value rows = graph.embedding(ids, table);
    return graph.output(scale == 1 ? rows : graph.scale(rows, scale)).build();
  }

  /// Last norm and output matrix, multiplied by `scale`; the embedding table stands in for a
  /// missing output matrix.
  static Graph logits(ModelFile file, TextConfig config, float scale) {
    var graph = new GraphBuilder("text.logits");
    var weights = new Weights(file, graph);
    Value hidden = graph.input(TextModel.HIDDEN, DType.F32, 1, config.embeddingLength());
    Value norm =
        graph.rmsNorm(
            hidden,
            weights.vector(TextNames.OUTPUT_NORM, config.embeddingLength()),
            config.normEps());
    String output =
        file.find(TextNames.OUTPUT).isPresent() ? TextNames.OUTPUT : TextNames.TOKEN_EMBD;
    Value matrix = weights.matrix(output, vocabSize(file, config), config.embeddingLength());
    Value logits =
        graph.matMul(
            norm, matrix, weights.optionalVector(TextNames.OUTPUT_BIAS, vocabSize(file, config)));
    return graph.output(scale == 1 ? logits : graph.scale(logits, scale)).build();
  }
}
