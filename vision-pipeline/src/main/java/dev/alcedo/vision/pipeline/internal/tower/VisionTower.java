// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;

/// A vision transformer for pictures of one size (SigLIP, Zhai et al., arXiv 2303.15343; CLIP,
/// Radford et al., arXiv 2103.00020; InternViT, Chen et al., arXiv 2312.14238) as two graphs, so
/// that a profile can put the convolution on another device than the blocks. One item is one tile.
/// Class token, norms at the ends and everything optional within a block are there where the file
/// has their tensors.
///
/// @param config hyper-parameters
/// @param style what the file does not say
/// @param file where the weights lie
public record VisionTower(TowerConfig config, TowerStyle style, ModelFile file) {
  /// What goes into [#patchEmbed()].
  public static final String PIXELS = "pixels";

  /// What connects the graphs.
  public static final String FEATURES = "features";

  private static final int CHANNEL_COUNT = 3;

  /// Checks the feature layers.
  ///
  /// @throws ModelFormatException if one is beyond the last block
  public VisionTower {
    for (int layer : style.featureLayers()) {
      if (layer < 0 || layer > config.blockCount()) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected layers from 0 to %s %d, got %d"
                .formatted(
                    file.metadata().source(),
                    ClipNames.FEATURE_LAYER,
                    ClipNames.BLOCK_COUNT,
                    config.blockCount(),
                    layer));
      }
    }
  }

  /// Columns of the features that [#blocks()] gives.
  public int featureLength() {
    return config.embeddingLength() * layers().size();
  }

  /// Pixels `[3, imageSize, imageSize]` to rows `[patches + class token, embeddingLength]`:
  /// convolution plus position embedding.
  ///
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph patchEmbed() {
    var graph = new GraphBuilder("vision.patchEmbed");
    var weights = new Weights(file, graph);
    int width = config.embeddingLength();
    int size = config.imageSize();
    Value pixels = graph.input(PIXELS, DType.F32, CHANNEL_COUNT, size, size);
    Value kernels =
        weights.kernels(
            ClipNames.PATCH_EMBEDDING + ".weight", width, CHANNEL_COUNT, config.patchSize());
    var op = new Op.PatchEmbed(config.patchSize());
    Value patches =
        weights
            .optionalVector(ClipNames.PATCH_EMBEDDING + ".bias", width)
            .map(bias -> graph.node("patches", op, pixels, kernels, bias))
            .orElseGet(() -> graph.node("patches", op, pixels, kernels));
    Value rows = hasClass() ? withClass(weights, patches) : patches;
    Value positions = weights.addend(ClipNames.POSITION_EMBEDDING, rowCount(), width);
    return graph.output(graph.node("embedded", new Op.Add(), rows, positions)).build();
  }

  /// Element type of the largest weight of a block, which decides about speed.
  public DType weightType() {
    return file.find(ClipNames.block(0) + "ffn_up.weight")
        .or(() -> file.find(ClipNames.block(0) + "ffn_down.weight"))
        .map(TensorView::dtype)
        .orElse(DType.F32);
  }

  /// Rows `[patches + class token, embeddingLength]` through the norm before the blocks, all blocks
  /// that are needed and the norm after them.
  ///
  /// @return with output `[patches, featureLength]`
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Graph blocks() {
    var graph = new GraphBuilder("vision.blocks");
    var weights = new Weights(file, graph);
    Value x = graph.input(FEATURES, DType.F32, rowCount(), config.embeddingLength());
    x = norm(weights, ClipNames.PRE_NORM, x, false);
    TowerBlock block = TowerBlock.of(config, style);
    List<Integer> layers = layers();
    var features = new ArrayList<Value>();
    for (int i = 0; i < layers.getLast(); i++) {
      if (layers.contains(i)) {
        features.add(x);
      }
      x = block.apply(weights, ClipNames.block(i), x);
    }
    features.add(norm(weights, ClipNames.POST_NORM, x, style.needsPostNorm()));
    Value joined = features.getFirst();
    for (Value feature : features.subList(1, features.size())) {
      joined = graph.node(new Op.Concat(1), joined, feature);
    }
    return graph.output(hasClass() ? withoutClass(graph, joined) : joined).build();
  }

  /// The first `count` blocks alone, whose time stands for all: they have one shape.
  ///
  /// @param count 1 to the tower's blocks
  /// @return with output `[patches + class token, embeddingLength]`
  public Graph firstBlocks(int count) {
    var graph = new GraphBuilder("vision.blocks");
    var weights = new Weights(file, graph);
    Value x = graph.input(FEATURES, DType.F32, rowCount(), config.embeddingLength());
    TowerBlock block = TowerBlock.of(config, style);
    for (int i = 0; i < count; i++) {
      x = block.apply(weights, ClipNames.block(i), x);
    }
    return graph.output(x).build();
  }

  private List<Integer> layers() {
    return style.featureLayers().isEmpty()
        ? List.of(config.blockCount())
        : style.featureLayers().stream().distinct().sorted().toList();
  }

  private boolean hasClass() {
    return file.find(ClipNames.CLASS_EMBEDDING).isPresent();
  }

  private int rowCount() {
    return config.patchCount() + (hasClass() ? 1 : 0);
  }

  /// The class token's row beside the patches. It is the same for all items, but graphs join only
  /// what each item has of its own: so it is added to a row of zeros.
  private Value withClass(Weights weights, Value patches) {
    GraphBuilder graph = weights.graph();
    Value embedding = weights.vector(ClipNames.CLASS_EMBEDDING, config.embeddingLength());
    Value zeros = graph.scale(graph.node(new Op.Slice(0, 0, 1), patches), 0);
    Value row = graph.add(zeros, embedding);
    return style.classRow() == TowerStyle.ClassRow.FIRST
        ? graph.node(new Op.Concat(0), row, patches)
        : graph.node(new Op.Concat(0), patches, row);
  }

  private Value withoutClass(GraphBuilder graph, Value rows) {
    int start = style.classRow() == TowerStyle.ClassRow.LAST ? 0 : 1;
    return graph.node(new Op.Slice(0, start, config.patchCount()), rows);
  }

  private Value norm(Weights weights, String name, Value x, boolean isNeeded) {
    return isNeeded || weights.has(name + ".weight")
        ? weights.norm(style.norm(), name, x, config.layerNormEpsilon())
        : x;
  }
}
