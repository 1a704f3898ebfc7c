// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Path;

/// A random-weight mmproj file with a SigLIP-style tower and the `bluelmv` projector, as
/// `docs/formats.md` describes it. Widths are multiples of 32, so that every matrix can be
/// quantised.
///
/// @param matrices dtype of all matrices: F32, F16, BF16, Q8_0 or Q4_0; vectors and position
///   embeddings are F32, and the patch embedding is F32 or, for other dtypes, F16
/// @param projectionDim width of an image token: the text model's embedding length
/// @param imageSize pixels on a side of a tile
/// @param patchSize pixels on a side of a patch
/// @param embeddingLength width of the tower
/// @param blockCount layers of the tower
/// @param headCount heads of the tower, a divisor of `embeddingLength`
/// @param feedForwardLength width of the tower's feed-forward part
/// @param gridColsMax most tiles side by side
/// @param gridRowsMax most tiles one above the other
/// @param seed of the weights
public record ToyMmproj(
    DType matrices,
    int projectionDim,
    int imageSize,
    int patchSize,
    int embeddingLength,
    int blockCount,
    int headCount,
    int feedForwardLength,
    int gridColsMax,
    int gridRowsMax,
    long seed) {
  /// Patches on a side that one image token joins.
  public static final int SCALE_FACTOR = 2;

  /// Fits [ToyText#small]: 32-pixel tiles of 4x4 patches, 4 image tokens a tile, grids up to 3x3.
  public static ToyMmproj small(DType matrices) {
    return new ToyMmproj(matrices, 64, 32, 8, 32, 2, 2, 64, 3, 3, 1);
  }

  /// As [#small] with 24-pixel tiles: 3x3 patches, which the downsampler pads to 4x4.
  public static ToyMmproj oddGrid(DType matrices) {
    return new ToyMmproj(matrices, 64, 24, 8, 32, 2, 2, 64, 3, 3, 2);
  }

  /// Patches on a side of a tile.
  public int patchesPerSide() {
    return imageSize / patchSize;
  }

  /// Image tokens of a tile.
  public int tokensPerTile() {
    int side = Math.ceilDiv(patchesPerSide(), SCALE_FACTOR);
    return side * side;
  }

  /// The model as a file in memory, to which keys and tensors may still be added.
  public TestGguf gguf() {
    var gguf = new TestGguf();
    metadata(gguf);
    var weights = new ToyWeights(gguf, matrices, Seeds.random("toy mmproj " + seed));
    tower(weights);
    projector(weights);
    return gguf;
  }

  /// Writes the model to `file` and returns `file`.
  public Path writeTo(Path file) {
    return gguf().write().writeTo(file);
  }

  private void metadata(TestGguf gguf) {
    gguf.string("general.architecture", "clip")
        .string("general.name", "toy-mmproj")
        .bool("clip.has_vision_encoder", true)
        .string("clip.projector_type", "bluelmv")
        .bool("clip.use_gelu", true)
        .u32("clip.vision.image_size", imageSize)
        .u32("clip.vision.patch_size", patchSize)
        .u32("clip.vision.embedding_length", embeddingLength)
        .u32("clip.vision.feed_forward_length", feedForwardLength)
        .u32("clip.vision.block_count", blockCount)
        .u32("clip.vision.projection_dim", projectionDim)
        .u32("clip.vision.attention.head_count", headCount)
        .f32("clip.vision.attention.layer_norm_epsilon", 1e-6f)
        .f32s("clip.vision.image_mean", 0.5f, 0.5f, 0.5f)
        .f32s("clip.vision.image_std", 0.5f, 0.5f, 0.5f)
        .u32("clip.vision.projector.scale_factor", SCALE_FACTOR)
        .u32("clip.vision.bluelmv.grid_cols_max", gridColsMax)
        .u32("clip.vision.bluelmv.grid_rows_max", gridRowsMax)
        .f32("clip.vision.bluelmv.aspect_alpha", 0.1f)
        .u32s("clip.vision.bluelmv.pad_color", 127, 127, 127)
        .string("clip.vision.bluelmv.image_begin", ToyVocabulary.IMAGE_BEGIN)
        .string("clip.vision.bluelmv.image_end", ToyVocabulary.IMAGE_END);
  }

  private void tower(ToyWeights weights) {
    int width = embeddingLength;
    int patches = patchesPerSide() * patchesPerSide();
    // A kernel row is one patch row, too short for a quant block.
    DType patchDtype = matrices == DType.F32 ? DType.F32 : DType.F16;
    double deviation = 1 / (Math.sqrt(3) * patchSize);
    weights.tensor("v.patch_embd.weight", patchDtype, deviation, width, 3, patchSize, patchSize);
    weights.vector("v.patch_embd.bias", width, 0);
    weights.tensor("v.position_embd.weight", DType.F32, 0.3, patches, width);
    for (int i = 0; i < blockCount; i++) {
      String prefix = "v.blk.%d.".formatted(i);
      weights.affine(prefix + "ln1", width);
      weights.affine(prefix + "ln2", width);
      weights.linear(prefix + "attn_q", width, width, 1.2);
      weights.linear(prefix + "attn_k", width, width, 1.2);
      weights.linear(prefix + "attn_v", width, width, 1.2);
      weights.linear(prefix + "attn_out", width, width, 0.8);
      weights.linear(prefix + "ffn_up", feedForwardLength, width, 0.8);
      weights.linear(prefix + "ffn_down", width, feedForwardLength, 0.8);
    }
    weights.affine("v.post_ln", width);
  }

  private void projector(ToyWeights weights) {
    int merged = SCALE_FACTOR * SCALE_FACTOR * embeddingLength;
    weights.affine("mm.model.mlp.0", merged);
    weights.linear("mm.model.mlp.1", projectionDim, merged, 0.8);
    weights.linear("mm.model.mlp.3", projectionDim, projectionDim, 0.8);
  }
}
