// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

/// Metadata keys and tensor names of mmproj files, as GGUF spells them (docs/formats.md).
public final class ClipNames {
  /// Which projector, and so which encoder: a string.
  public static final String PROJECTOR_TYPE = "clip.projector_type";

  /// The same in files that hold an audio tower too.
  public static final String VISION_PROJECTOR_TYPE = "clip.vision.projector_type";

  /// Whether the tower's activation is GELU (tanh form).
  public static final String USE_GELU = "clip.use_gelu";

  /// Whether the tower's activation is SiLU; with neither it is quick GELU.
  public static final String USE_SILU = "clip.use_silu";

  /// Pixels of a tile's side.
  public static final String IMAGE_SIZE = "clip.vision.image_size";

  /// Pixels of a patch's side.
  public static final String PATCH_SIZE = "clip.vision.patch_size";

  /// Columns of the tower's activations.
  public static final String EMBEDDING_LENGTH = "clip.vision.embedding_length";

  /// Columns between the two halves of a feed-forward part.
  public static final String FEED_FORWARD_LENGTH = "clip.vision.feed_forward_length";

  /// Blocks of the tower.
  public static final String BLOCK_COUNT = "clip.vision.block_count";

  /// Columns of an image token.
  public static final String PROJECTION_DIM = "clip.vision.projection_dim";

  /// Attention heads of the tower.
  public static final String HEAD_COUNT = "clip.vision.attention.head_count";

  /// Epsilon of all layer norms of the tower.
  public static final String LAYER_NORM_EPSILON = "clip.vision.attention.layer_norm_epsilon";

  /// Mean of each colour channel.
  public static final String IMAGE_MEAN = "clip.vision.image_mean";

  /// Standard deviation of each colour channel.
  public static final String IMAGE_STD = "clip.vision.image_std";

  /// Patches along a side that become one image token.
  public static final String SCALE_FACTOR = "clip.vision.projector.scale_factor";

  /// Patches along a side that become one image token, in Qwen2-VL's files.
  public static final String SPATIAL_MERGE_SIZE = "clip.vision.spatial_merge_size";

  /// Pixels of a resized picture at least; missing or 0 for the family's number.
  public static final String IMAGE_MIN_PIXELS = "clip.vision.image_min_pixels";

  /// Pixels of a resized picture at most; missing or 0 for the family's number.
  public static final String IMAGE_MAX_PIXELS = "clip.vision.image_max_pixels";

  /// Every so many blocks one sees the whole picture, the others windows; 0 for no windows.
  public static final String FULL_PATTERN = "clip.vision.n_wa_pattern";

  /// Which MiniCPM-V, as llama.cpp numbers them; missing in the oldest files.
  public static final String MINICPMV_VERSION = "clip.minicpmv_version";

  /// Image tokens of a tile; missing in older files.
  public static final String MINICPMV_QUERY_NUM = "clip.minicpmv_query_num";

  /// Tiles at most besides the whole picture; missing or 0 for the model's own number.
  public static final String MAX_SLICE_NUMS = "clip.vision.max_slice_nums";

  /// Pixels of the longer side of a picture before it is cut (Idefics 3).
  public static final String PREPROC_IMAGE_SIZE = "clip.vision.preproc_image_size";

  /// Tiles of a picture at least (InternVL).
  public static final String PREPROC_MIN_TILES = "clip.vision.preproc_min_tiles";

  /// Tiles of a picture at most (InternVL).
  public static final String PREPROC_MAX_TILES = "clip.vision.preproc_max_tiles";

  /// Sizes that a picture is brought to before it is cut, width and height in turn (LLaVA 1.6).
  public static final String GRID_PINPOINTS = "clip.vision.image_grid_pinpoints";

  /// Tiles across at most.
  public static final String GRID_COLS_MAX = "clip.vision.bluelmv.grid_cols_max";

  /// Tiles down at most.
  public static final String GRID_ROWS_MAX = "clip.vision.bluelmv.grid_rows_max";

  /// Threshold of relaxed aspect-ratio matching.
  public static final String ASPECT_ALPHA = "clip.vision.bluelmv.aspect_alpha";

  /// Red, green and blue around a picture that does not fill its canvas.
  public static final String PAD_COLOR = "clip.vision.bluelmv.pad_color";

  /// Marker before the image tokens.
  public static final String IMAGE_BEGIN = "clip.vision.bluelmv.image_begin";

  /// Marker after the image tokens.
  public static final String IMAGE_END = "clip.vision.bluelmv.image_end";

  /// Which blocks give the features, where it is not the last: integers.
  public static final String FEATURE_LAYER = "clip.vision.feature_layer";

  /// Convolution that makes patches: `[embeddingLength, 3, patchSize, patchSize]`.
  public static final String PATCH_EMBEDDING = "v.patch_embd";

  /// The same for the second of two frames: `[embeddingLength, 3, patchSize, patchSize]`.
  public static final String PATCH_EMBEDDING_SECOND = "v.patch_embd.weight.1";

  /// Row of a class token: `[embeddingLength]`.
  public static final String CLASS_EMBEDDING = "v.class_embd";

  /// One row for each patch, and one for the class token: `[rows, embeddingLength]`.
  public static final String POSITION_EMBEDDING = "v.position_embd.weight";

  /// Norm before the first block, in some towers.
  public static final String PRE_NORM = "v.pre_ln";

  /// Norm after the last block, in some towers.
  public static final String POST_NORM = "v.post_ln";

  /// Prefix of the projector's tensors.
  public static final String PROJECTOR_MLP = "mm.model.mlp.";

  /// Prefix of the tensors of LLaVA's projector.
  public static final String LLAVA_MLP = "mm.";

  /// The one matrix of Idefics 3's projector.
  public static final String PROJECTOR_FC = "mm.model.fc";

  /// The one matrix of Gemma 3's projector, `[embeddingLength, outputLength]`.
  public static final String INPUT_PROJECTION = "mm.input_projection.weight";

  /// Norm before it.
  public static final String SOFT_EMBEDDING_NORM = "mm.soft_emb_norm";

  private ClipNames() {}

  /// Prefix of block `i`'s tensors.
  static String block(int i) {
    return "v.blk." + i + ".";
  }
}
