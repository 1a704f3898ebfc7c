// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/// Random-weight mmproj files of the kinds that llama.cpp's converters write for LLaVA, Idefics 3,
/// InternVL and Gemma 3, small enough for plain loops. Tiles are 32 pixels a side with 4 x 4
/// patches, the tower has two blocks of width 32, image tokens 64 columns.
///
/// @param projector `mlp`, `idefics3`, `internvl` or `gemma3`
/// @param traits what the tower has
public record ToyClip(String projector, Set<Trait> traits) {
  /// Columns of an image token.
  public static final int PROJECTION_DIM = 64;

  /// Pixels of a tile's side.
  public static final int IMAGE_SIZE = 32;

  /// Patches along a side that become one image token, for those that join.
  public static final int SCALE_FACTOR = 2;

  /// Blocks of the tower.
  public static final int BLOCK_COUNT = 2;

  /// Columns of the tower.
  public static final int WIDTH = 32;

  /// Columns of its feed-forward part.
  public static final int FEED_FORWARD = 48;

  /// Attention heads of the tower.
  public static final int HEAD_COUNT = 2;

  private static final int PATCH_SIZE = 8;
  private static final int PATCH_COUNT = 16;

  /// What towers differ in.
  public enum Trait {
    /// A class token.
    CLASS,
    /// A norm before the blocks.
    PRE_NORM,
    /// A norm after the blocks.
    POST_NORM,
    /// Layer scale.
    LAYER_SCALE,
    /// A bias of the patch convolution.
    PATCH_BIAS,
    /// Queries, keys and values from one matrix.
    FUSED_QKV,
    /// Norms of queries and keys over whole rows.
    QK_NORM,
    /// `ffn_up` and `ffn_down` under each other's names.
    SWAPPED,
    /// Quick GELU in place of GELU.
    QUICK,
    /// Yi-VL's projector in place of LLaVA's.
    YI
  }

  /// Copies the set.
  public ToyClip {
    traits = Set.copyOf(traits);
  }

  /// A file with the traits of real ones.
  public static ToyClip of(String projector) {
    return new ToyClip(
        projector,
        switch (projector) {
          case "mlp" -> EnumSet.of(Trait.CLASS, Trait.PRE_NORM, Trait.QUICK);
          case "internvl" -> EnumSet.of(Trait.CLASS, Trait.LAYER_SCALE, Trait.PATCH_BIAS);
          default -> EnumSet.of(Trait.POST_NORM, Trait.PATCH_BIAS);
        });
  }

  /// This file with other traits.
  public ToyClip with(Trait... others) {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    set.addAll(Set.of(others));
    return new ToyClip(projector, set);
  }

  /// Whether the tower has `trait`.
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /// The model as a file in memory, to which keys and tensors may still be added.
  public TestGguf gguf() {
    var gguf = new TestGguf();
    metadata(gguf);
    var weights = new ToyWeights(gguf, DType.F32, Seeds.random("toy clip " + projector));
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
        .bool("clip.has_vision_encoder", true)
        .string("clip.projector_type", projector)
        .bool("clip.use_gelu", !has(Trait.QUICK))
        .u32("clip.vision.image_size", IMAGE_SIZE)
        .u32("clip.vision.patch_size", PATCH_SIZE)
        .u32("clip.vision.embedding_length", WIDTH)
        .u32("clip.vision.feed_forward_length", FEED_FORWARD)
        .u32("clip.vision.block_count", BLOCK_COUNT)
        .u32("clip.vision.projection_dim", PROJECTION_DIM)
        .u32("clip.vision.attention.head_count", HEAD_COUNT)
        .f32("clip.vision.attention.layer_norm_epsilon", 1e-5f)
        .f32s("clip.vision.image_mean", 0.5f, 0.4f, 0.3f)
        .f32s("clip.vision.image_std", 0.5f, 0.25f, 0.2f);
    switch (projector) {
      case "mlp" -> {}
      case "idefics3" ->
          gguf.u32("clip.vision.projector.scale_factor", SCALE_FACTOR)
              .u32("clip.vision.preproc_image_size", 3 * IMAGE_SIZE);
      case "internvl" ->
          gguf.u32("clip.vision.projector.scale_factor", SCALE_FACTOR)
              .u32("clip.vision.preproc_max_tiles", 6);
      default -> gguf.u32("clip.vision.projector.scale_factor", SCALE_FACTOR);
    }
  }

  private void tower(ToyWeights weights) {
    double deviation = 1 / (Math.sqrt(3) * PATCH_SIZE);
    weights.tensor("v.patch_embd.weight", DType.F32, deviation, WIDTH, 3, PATCH_SIZE, PATCH_SIZE);
    if (has(Trait.PATCH_BIAS)) {
      weights.vector("v.patch_embd.bias", WIDTH, 0);
    }
    if (has(Trait.CLASS)) {
      weights.vector("v.class_embd", WIDTH, 0.5);
    }
    int rows = PATCH_COUNT + (has(Trait.CLASS) ? 1 : 0);
    weights.tensor("v.position_embd.weight", DType.F32, 0.3, rows, WIDTH);
    if (has(Trait.PRE_NORM)) {
      weights.affine("v.pre_ln", WIDTH);
    }
    for (int i = 0; i < BLOCK_COUNT; i++) {
      block(weights, "v.blk.%d.".formatted(i));
    }
    if (has(Trait.POST_NORM)) {
      weights.affine("v.post_ln", WIDTH);
    }
  }

  private void block(ToyWeights weights, String prefix) {
    weights.affine(prefix + "ln1", WIDTH);
    weights.affine(prefix + "ln2", WIDTH);
    if (has(Trait.FUSED_QKV)) {
      weights.linear(prefix + "attn_qkv", 3 * WIDTH, WIDTH, 1.2);
    } else {
      weights.linear(prefix + "attn_q", WIDTH, WIDTH, 1.2);
      weights.linear(prefix + "attn_k", WIDTH, WIDTH, 1.2);
      weights.linear(prefix + "attn_v", WIDTH, WIDTH, 1.2);
    }
    if (has(Trait.QK_NORM)) {
      weights.vector(prefix + "attn_q_norm.weight", WIDTH, 1);
      weights.vector(prefix + "attn_k_norm.weight", WIDTH, 1);
    }
    weights.linear(prefix + "attn_out", WIDTH, WIDTH, 0.8);
    weights.linear(prefix + (has(Trait.SWAPPED) ? "ffn_down" : "ffn_up"), FEED_FORWARD, WIDTH, 0.8);
    weights.linear(prefix + (has(Trait.SWAPPED) ? "ffn_up" : "ffn_down"), WIDTH, FEED_FORWARD, 0.8);
    if (has(Trait.LAYER_SCALE)) {
      weights.vector(prefix + "ls1.weight", WIDTH, 0.8);
      weights.vector(prefix + "ls2.weight", WIDTH, 0.8);
    }
  }

  private void projector(ToyWeights weights) {
    int joined = SCALE_FACTOR * SCALE_FACTOR * WIDTH;
    switch (projector) {
      case "mlp" -> {
        weights.linear("mm.0", PROJECTION_DIM, WIDTH, 0.8);
        if (has(Trait.YI)) {
          weights.affine("mm.1", PROJECTION_DIM);
          weights.affine("mm.4", PROJECTION_DIM);
        }
        weights.linear(has(Trait.YI) ? "mm.3" : "mm.2", PROJECTION_DIM, PROJECTION_DIM, 0.8);
      }
      case "idefics3" -> weights.matrix("mm.model.fc.weight", PROJECTION_DIM, joined, 0.8);
      case "internvl" -> {
        weights.affine("mm.model.mlp.0", joined);
        weights.linear("mm.model.mlp.1", PROJECTION_DIM, joined, 0.8);
        weights.linear("mm.model.mlp.3", PROJECTION_DIM, PROJECTION_DIM, 0.8);
      }
      default -> {
        weights.tensor("mm.input_projection.weight", DType.F32, 0.2, WIDTH, PROJECTION_DIM);
        weights.vector("mm.soft_emb_norm.weight", WIDTH, 1);
      }
    }
  }
}
