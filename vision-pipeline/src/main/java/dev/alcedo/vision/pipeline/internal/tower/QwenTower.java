// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.List;
import java.util.Optional;

/// The vision towers of Qwen2-VL (Wang et al., arXiv 2409.12191) and Qwen2.5-VL (Bai et al., arXiv
/// 2502.13923), for pictures of any size: there is no position embedding, queries and keys turn by
/// the row and column of their patch, and most blocks of Qwen2.5-VL look at windows only.
///
/// @param config hyper-parameters
/// @param norm of all norms
/// @param fullPattern every so many blocks one sees the whole picture, the others their windows; 1
///   for all
/// @param file where the weights lie
public record QwenTower(TowerConfig config, TowerStyle.Norm norm, int fullPattern, ModelFile file) {
  /// Pixels of one patch, `[3, patchSize, patchSize]` F32.
  public static final String PIXELS = "pixels";

  /// What connects the graphs, F32.
  public static final String FEATURES = "features";

  /// Row and column of each patch, `[patches, 2]` I32.
  public static final String POSITIONS = "positions";

  /// Window of each patch, `[patches]` I32; there where a block looks at windows.
  public static final String WINDOWS = "windows";

  private static final int CHANNEL_COUNT = 3;
  private static final float FREQ_BASE = 10_000;

  /// Checks that heads can turn in two directions.
  ///
  /// @throws ModelFormatException if their length is no multiple of 4
  public QwenTower {
    if (config.headLength() % 4 != 0) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected heads of a multiple of 4 columns, got %d heads of %d"
              .formatted(
                  file.metadata().source(),
                  ClipNames.HEAD_COUNT,
                  config.headCount(),
                  config.headLength()));
    }
  }

  /// Whether some blocks look at windows.
  public boolean hasWindows() {
    return fullPattern > 1;
  }

  /// Pixels of one patch to `[1, embeddingLength]`. The model's patches have two frames, with a
  /// convolution each; a still picture is its own second frame.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph patchEmbed() {
    var graph = new GraphBuilder("vision.patchEmbed");
    var weights = new Weights(file, graph);
    int size = config.patchSize();
    Value pixels = graph.input(PIXELS, DType.F32, CHANNEL_COUNT, size, size);
    Value first = frame(weights, pixels, ClipNames.PATCH_EMBEDDING + ".weight");
    Value second = frame(weights, pixels, ClipNames.PATCH_EMBEDDING_SECOND);
    return graph.output(graph.add(first, second)).build();
  }

  private Value frame(Weights weights, Value pixels, String name) {
    int size = config.patchSize();
    Value kernels = weights.kernels(name, config.embeddingLength(), CHANNEL_COUNT, size);
    return weights.graph().node(new Op.PatchEmbed(size), pixels, kernels);
  }

  /// Features `[patchCount, embeddingLength]` of one picture through all blocks and the norm after
  /// them.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph blocks(int patchCount) {
    var graph = new GraphBuilder("vision.blocks");
    var weights = new Weights(file, graph);
    Value x = graph.input(FEATURES, DType.F32, patchCount, config.embeddingLength());
    Value positions = graph.input(POSITIONS, DType.I32, patchCount, 2);
    Optional<Value> windows =
        hasWindows() ? Optional.of(graph.input(WINDOWS, DType.I32, patchCount)) : Optional.empty();
    var style = new TowerStyle(norm, TowerStyle.ClassRow.FIRST, true, true, List.of());
    TowerBlock full = block(style, positions, Optional.empty());
    TowerBlock windowed = block(style, positions, windows);
    for (int i = 0; i < config.blockCount(); i++) {
      boolean isFull = (i + 1) % fullPattern == 0;
      x = (isFull ? full : windowed).apply(weights, ClipNames.block(i), x);
    }
    return graph
        .output(weights.norm(norm, ClipNames.POST_NORM, x, config.layerNormEpsilon()))
        .build();
  }

  private TowerBlock block(TowerStyle style, Value positions, Optional<Value> windows) {
    Op.Rope turn = turn();
    Op.Attention attention = config.attention();
    return new TowerBlock(
        config,
        style,
        (graph, q, k, v) -> {
          Value turnedQ = graph.node(turn, q, positions);
          Value turnedK = graph.node(turn, k, positions);
          return windows.isPresent()
              ? graph.node(attention, turnedQ, turnedK, v, windows.get())
              : graph.attention(attention, turnedQ, turnedK, v);
        });
  }

  /// The first half of a head's pairs turns by the row, the second by the column, each with all
  /// frequencies.
  private Op.Rope turn() {
    int half = config.headLength() / 4;
    return new Op.Rope(
        Op.Rope.Style.HALVES,
        config.headCount(),
        config.headLength(),
        config.headLength(),
        FREQ_BASE,
        1,
        1,
        new Op.Rope.Sections(List.of(half, half), true));
  }
}
