// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;

/// A random-weight mmproj file of Qwen2-VL's or Qwen2.5-VL's kind, as `docs/formats.md` describes
/// them.
///
/// @param isGated whether it is Qwen2.5-VL's: RMS norms, gated feed-forward parts, windows
/// @param matrices dtype of all matrices; vectors are F32
/// @param projectionDim width of an image token: the text model's embedding length
/// @param patchSize pixels on a side of a patch
/// @param embeddingLength width of the tower
/// @param blockCount layers of the tower
/// @param headCount heads of the tower
/// @param feedForwardLength width of the tower's feed-forward part
/// @param fullPattern every so many blocks one sees the whole picture
/// @param seed of the weights
public record ToyQwenMmproj(
    boolean isGated,
    DType matrices,
    int projectionDim,
    int patchSize,
    int embeddingLength,
    int blockCount,
    int headCount,
    int feedForwardLength,
    int fullPattern,
    long seed) {
  /// Qwen2-VL's kind: patches of 4 pixels.
  public static ToyQwenMmproj plain() {
    return new ToyQwenMmproj(false, DType.F32, 64, 4, 32, 2, 2, 48, 0, 1);
  }

  /// Qwen2.5-VL's kind: patches of 28 pixels, so that a window is 2x2 image tokens; every second
  /// block sees the whole picture.
  public static ToyQwenMmproj gated() {
    return new ToyQwenMmproj(true, DType.F32, 64, 28, 32, 3, 2, 48, 2, 2);
  }

  /// The model as a file in memory, to which keys and tensors may still be added.
  public TestGguf gguf() {
    var gguf = new TestGguf();
    metadata(gguf);
    var weights = new ToyWeights(gguf, matrices, Seeds.random("toy qwen mmproj " + seed));
    tower(weights);
    int merged = 4 * embeddingLength;
    weights.linear("mm.0", merged, merged, 1);
    weights.linear("mm.2", projectionDim, merged, 1);
    return gguf;
  }

  private void metadata(TestGguf gguf) {
    gguf.string("general.architecture", "clip")
        .bool("clip.has_vision_encoder", true)
        .string("clip.projector_type", isGated ? "qwen2.5vl_merger" : "qwen2vl_merger")
        .u32("clip.vision.image_size", 560)
        .u32("clip.vision.patch_size", patchSize)
        .u32("clip.vision.embedding_length", embeddingLength)
        .u32("clip.vision.feed_forward_length", feedForwardLength)
        .u32("clip.vision.block_count", blockCount)
        .u32("clip.vision.projection_dim", projectionDim)
        .u32("clip.vision.attention.head_count", headCount)
        .f32("clip.vision.attention.layer_norm_epsilon", 1e-6f)
        .f32s("clip.vision.image_mean", 0.48f, 0.46f, 0.41f)
        .f32s("clip.vision.image_std", 0.27f, 0.26f, 0.28f);
    if (isGated) {
      gguf.bool("clip.use_silu", true).u32("clip.vision.n_wa_pattern", fullPattern);
    }
  }

  private void tower(ToyWeights weights) {
    int width = embeddingLength;
    double deviation = 0.7 / (Math.sqrt(3) * patchSize);
    for (String name : new String[] {"v.patch_embd.weight", "v.patch_embd.weight.1"}) {
      weights.tensor(name, DType.F32, deviation, width, 3, patchSize, patchSize);
    }
    for (int i = 0; i < blockCount; i++) {
      String prefix = "v.blk.%d.".formatted(i);
      norm(weights, prefix + "ln1");
      norm(weights, prefix + "ln2");
      weights.linear(prefix + "attn_q", width, width, 2);
      weights.linear(prefix + "attn_k", width, width, 2);
      weights.linear(prefix + "attn_v", width, width, 1.2);
      weights.linear(prefix + "attn_out", width, width, 0.8);
      if (isGated) {
        weights.linear(prefix + "ffn_gate", feedForwardLength, width, 1);
      }
      weights.linear(prefix + "ffn_up", feedForwardLength, width, 1);
      weights.linear(prefix + "ffn_down", width, feedForwardLength, 0.8);
    }
    norm(weights, "v.post_ln");
  }

  private void norm(ToyWeights weights, String name) {
    weights.vector(name + ".weight", embeddingLength, 1);
    if (!isGated) {
      weights.vector(name + ".bias", embeddingLength, 0);
    }
  }
}
