// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;

/// A random-weight mmproj file of MiniCPM-V's kind, as `docs/formats.md` describes it.
///
/// @param version as llama.cpp numbers them
/// @param matrices dtype of all matrices and tables; vectors are F32
/// @param projectionDim width of an image token: the text model's embedding length, and of the
///   resampler, a multiple of 128
/// @param imageSize pixels on a side of a tile's area
/// @param patchSize pixels on a side of a patch
/// @param embeddingLength width of the tower
/// @param queryCount image tokens of a tile
/// @param seed of the weights
public record ToyResamplerMmproj(
    int version,
    DType matrices,
    int projectionDim,
    int imageSize,
    int patchSize,
    int embeddingLength,
    int queryCount,
    long seed) {
  private static final int BLOCK_COUNT = 2;

  /// MiniCPM-V 2.6's kind: tiles of about 32x32 pixels, 5 image tokens each.
  public static ToyResamplerMmproj small() {
    return new ToyResamplerMmproj(3, DType.F32, 128, 32, 8, 32, 5, 1);
  }

  /// The model as a file in memory, to which keys and tensors may still be added.
  public TestGguf gguf() {
    var gguf = new TestGguf();
    metadata(gguf);
    var weights = new ToyWeights(gguf, matrices, Seeds.random("toy resampler mmproj " + seed));
    tower(weights);
    resampler(weights);
    return gguf;
  }

  private void metadata(TestGguf gguf) {
    gguf.string("general.architecture", "clip")
        .bool("clip.has_vision_encoder", true)
        .string("clip.projector_type", "resampler")
        .u32("clip.minicpmv_version", version)
        .u32("clip.minicpmv_query_num", queryCount)
        .bool("clip.use_gelu", true)
        .u32("clip.vision.image_size", imageSize)
        .u32("clip.vision.patch_size", patchSize)
        .u32("clip.vision.embedding_length", embeddingLength)
        .u32("clip.vision.feed_forward_length", 2 * embeddingLength)
        .u32("clip.vision.block_count", BLOCK_COUNT)
        .u32("clip.vision.projection_dim", projectionDim)
        .u32("clip.vision.attention.head_count", 2)
        .f32("clip.vision.attention.layer_norm_epsilon", 1e-6f)
        .f32s("clip.vision.image_mean", 0.5f, 0.5f, 0.5f)
        .f32s("clip.vision.image_std", 0.5f, 0.5f, 0.5f);
  }

  private void tower(ToyWeights weights) {
    int width = embeddingLength;
    double deviation = 1 / (Math.sqrt(3) * patchSize);
    weights.tensor("v.patch_embd.weight", DType.F32, deviation, width, 3, patchSize, patchSize);
    weights.vector("v.patch_embd.bias", width, 0);
    weights.tensor("v.position_embd.weight", matrices, 0.5, 70 * 70, width);
    for (int i = 0; i < BLOCK_COUNT; i++) {
      String prefix = "v.blk.%d.".formatted(i);
      weights.affine(prefix + "ln1", width);
      weights.affine(prefix + "ln2", width);
      weights.linear(prefix + "attn_q", width, width, 1.2);
      weights.linear(prefix + "attn_k", width, width, 1.2);
      weights.linear(prefix + "attn_v", width, width, 1.2);
      weights.linear(prefix + "attn_out", width, width, 0.8);
      weights.linear(prefix + "ffn_up", 2 * width, width, 0.8);
      weights.linear(prefix + "ffn_down", width, 2 * width, 0.8);
    }
    weights.affine("v.post_ln", width);
  }

  private void resampler(ToyWeights weights) {
    int length = projectionDim;
    weights.tensor("resampler.query", matrices, 1, queryCount, length);
    weights.matrix("resampler.kv.weight", length, embeddingLength, 1);
    for (String name : new String[] {"q", "k", "v", "out"}) {
      weights.linear("resampler.attn." + name, length, length, 1.2);
    }
    for (String name : new String[] {"q", "kv", "post"}) {
      weights.affine("resampler.ln_" + name, length);
    }
    weights.matrix("resampler.proj.weight", length, length, 1);
  }
}
