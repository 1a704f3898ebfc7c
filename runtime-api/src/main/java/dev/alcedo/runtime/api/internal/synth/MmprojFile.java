// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.SyntheticModel.VisionShape;
import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.internal.quantise.MixRules;
import dev.alcedo.runtime.api.tensor.DType;

/// Keys and tensors of a SigLIP-style vision tower with its projector, see `docs/formats.md`.
///
/// @param model what is wanted
/// @param shape its shape
record MmprojFile(SyntheticModel.Mmproj model, VisionShape shape) {
  /// Tiles across and down at most, as BlueLM-V-3B is deployed.
  private static final int GRID_SIDE_MAX = 4;

  /// Idefics 3 brings the longer side of a picture to so many tiles.
  private static final int IDEFICS_TILES_ACROSS = 4;

  static MmprojFile of(SyntheticModel.Mmproj model) {
    return new MmprojFile(model, model.shape());
  }

  void addMetadata(GgufWriter file) {
    file.string("general.architecture", "clip")
        .string("general.name", model.name())
        .u32("general.file_type", model.mix().type().fileType())
        .bool("clip.has_vision_encoder", true)
        .string("clip.projector_type", shape.projectorType())
        .bool("clip.use_gelu", true)
        .u32("clip.vision.image_size", shape.imageSize())
        .u32("clip.vision.patch_size", shape.patchSize())
        .u32("clip.vision.embedding_length", shape.embeddingLength())
        .u32("clip.vision.feed_forward_length", shape.feedForwardLength())
        .u32("clip.vision.block_count", shape.blockCount())
        .u32("clip.vision.projection_dim", shape.projectionDim())
        .u32("clip.vision.attention.head_count", shape.headCount())
        .f32("clip.vision.attention.layer_norm_epsilon", 1e-6f)
        .f32s("clip.vision.image_mean", 0.5f, 0.5f, 0.5f)
        .f32s("clip.vision.image_std", 0.5f, 0.5f, 0.5f)
        .u32("clip.vision.projector.scale_factor", shape.scaleFactor());
    switch (shape.projectorType()) {
      case "bluelmv" ->
          file.u32("clip.vision.bluelmv.grid_cols_max", GRID_SIDE_MAX)
              .u32("clip.vision.bluelmv.grid_rows_max", GRID_SIDE_MAX)
              .f32("clip.vision.bluelmv.aspect_alpha", 0.1f)
              .u32s("clip.vision.bluelmv.pad_color", 127, 127, 127)
              .string("clip.vision.bluelmv.image_begin", SyntheticVocabulary.IMAGE_BEGIN)
              .string("clip.vision.bluelmv.image_end", SyntheticVocabulary.IMAGE_END);
      case "idefics3" ->
          file.u32("clip.vision.preproc_image_size", shape.imageSize() * IDEFICS_TILES_ACROSS);
      default -> {}
    }
  }

  void addTensors(RandomWeights weights) {
    int width = shape.embeddingLength();
    int patch = shape.patchSize();
    // A kernel row is one patch row, too short for a quant block.
    DType patchDtype = main() == DType.F32 ? DType.F32 : DType.F16;
    double deviation = 1 / (Math.sqrt(3) * patch);
    weights.tensor("v.patch_embd.weight", patchDtype, 0, deviation, width, 3, patch, patch);
    weights.vector("v.patch_embd.bias", width, 0);
    weights.tensor("v.position_embd.weight", DType.F32, 0, 0.3, shape.patchCount(), width);
    for (int i = 0; i < shape.blockCount(); i++) {
      addBlock(weights, "v.blk.%d.".formatted(i));
    }
    weights.affine("v.post_ln", width);
    addProjector(weights);
  }

  private void addBlock(RandomWeights weights, String prefix) {
    int width = shape.embeddingLength();
    int inner = shape.feedForwardLength();
    weights.affine(prefix + "ln1", width);
    weights.affine(prefix + "ln2", width);
    addLinear(weights, prefix + "attn_q", width, width, 1.2);
    addLinear(weights, prefix + "attn_k", width, width, 1.2);
    addLinear(weights, prefix + "attn_v", width, width, 1.2);
    addLinear(weights, prefix + "attn_out", width, width, 0.8);
    addLinear(weights, prefix + "ffn_up", inner, width, 0.8);
    addLinear(weights, prefix + "ffn_down", width, inner, 0.8);
  }

  private void addProjector(RandomWeights weights) {
    int out = shape.projectionDim();
    int width = shape.embeddingLength();
    int merged = Math.multiplyExact(shape.scaleFactor() * shape.scaleFactor(), width);
    switch (shape.projectorType()) {
      case "bluelmv" -> {
        weights.affine("mm.model.mlp.0", merged);
        addLinear(weights, "mm.model.mlp.1", out, merged, 0.8);
        addLinear(weights, "mm.model.mlp.3", out, out, 0.8);
      }
      case "idefics3" -> weights.matrix("mm.model.fc.weight", fitting(merged), out, merged, 0.8);
      default -> {
        // Stored the other way round, so its rows are as long as an image token is wide.
        weights.tensor(
            "mm.input_projection.weight", DType.F32, 0, 1 / Math.sqrt(width), width, out);
        weights.vector("mm.soft_emb_norm.weight", width, 1);
      }
    }
  }

  private void addLinear(RandomWeights weights, String name, int out, int in, double gain) {
    weights.linear(name, fitting(in), out, in, gain);
  }

  private DType fitting(int cols) {
    return MixRules.fitting(main(), cols);
  }

  private DType main() {
    return model.mix().type().main();
  }
}
