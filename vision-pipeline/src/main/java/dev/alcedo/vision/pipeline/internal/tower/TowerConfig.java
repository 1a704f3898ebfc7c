// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Metadata;

/// Hyper-parameters of a vision tower, read from an mmproj file and checked.
///
/// @param imageSize pixels of a tile's side
/// @param patchSize pixels of a patch's side; what is left of a tile beyond the last whole patch is
///   not used (SigLIP so400m: 384 = 27 * 14 + 6)
/// @param embeddingLength columns of activations
/// @param feedForwardLength columns within a feed-forward part, or [#FEED_FORWARD_OF_TENSORS]
/// @param blockCount transformer blocks
/// @param headCount attention heads, a divisor of embeddingLength
/// @param layerNormEpsilon above 0
/// @param activation of the feed-forward parts
/// @param imageMean of red, green, blue, after division by 255
/// @param imageStd of red, green, blue, above 0
public record TowerConfig(
    int imageSize,
    int patchSize,
    int embeddingLength,
    int feedForwardLength,
    int blockCount,
    int headCount,
    float layerNormEpsilon,
    Activation activation,
    float[] imageMean,
    float[] imageStd) {
  /// The key says 0, as in Qwen2-VL files of the first converter: the tensors know.
  public static final int FEED_FORWARD_OF_TENSORS = 0;

  /// Far beyond any tower known; keeps products within 32 bits.
  private static final int IMAGE_SIZE_MAX = 4096;

  private static final int LENGTH_MAX = 1 << 16;
  private static final int BLOCK_COUNT_MAX = 512;
  private static final int PATCH_COUNT_MAX = 1 << 16;

  /// Which function stands between the two matrices of a feed-forward part.
  public enum Activation {
    /// GELU in its tanh form.
    GELU,
    /// `x * sigmoid(1.702 x)`.
    QUICK_GELU,
    /// `x * sigmoid(x)`.
    SILU;

    /// The op that computes it.
    Op op() {
      return switch (this) {
        case GELU -> new Op.Gelu(Op.Gelu.Form.TANH);
        case QUICK_GELU -> new Op.QuickGelu();
        case SILU -> new Op.Silu();
      };
    }
  }

  /// Reads and checks.
  ///
  /// @throws ModelFormatException naming file, key, expected and got
  public static TowerConfig of(Metadata mmproj) {
    int imageSize = mmproj.integer(ClipNames.IMAGE_SIZE, 1, IMAGE_SIZE_MAX);
    int patchSize = mmproj.integer(ClipNames.PATCH_SIZE, 1, imageSize);
    int width = mmproj.integer(ClipNames.EMBEDDING_LENGTH, 1, LENGTH_MAX);
    int headCount = mmproj.integer(ClipNames.HEAD_COUNT, 1, width);
    require(
        width % headCount == 0,
        mmproj,
        ClipNames.HEAD_COUNT,
        "a divisor of embedding_length " + width,
        headCount);
    int side = imageSize / patchSize;
    require(
        side * side <= PATCH_COUNT_MAX,
        mmproj,
        ClipNames.PATCH_SIZE,
        "at most %d patches".formatted(PATCH_COUNT_MAX),
        side * side);
    float epsilon = mmproj.number(ClipNames.LAYER_NORM_EPSILON);
    require(epsilon > 0, mmproj, ClipNames.LAYER_NORM_EPSILON, "a number above 0", epsilon);
    return new TowerConfig(
        imageSize,
        patchSize,
        width,
        mmproj.integer(ClipNames.FEED_FORWARD_LENGTH, FEED_FORWARD_OF_TENSORS, LENGTH_MAX),
        mmproj.integer(ClipNames.BLOCK_COUNT, 1, BLOCK_COUNT_MAX),
        headCount,
        epsilon,
        activation(mmproj),
        channels(mmproj, ClipNames.IMAGE_MEAN, false),
        channels(mmproj, ClipNames.IMAGE_STD, true));
  }

  /// Patches along a side of a tile.
  public int patchesPerSide() {
    return imageSize / patchSize;
  }

  /// Patches of a tile.
  public int patchCount() {
    return patchesPerSide() * patchesPerSide();
  }

  /// Columns of an attention head.
  public int headLength() {
    return embeddingLength / headCount;
  }

  /// Attention in which all rows see each other.
  public Op.Attention attention() {
    float scale = (float) (1 / Math.sqrt(headLength()));
    return new Op.Attention(headCount, headCount, headLength(), scale, Op.Attention.NO_CACHE, 0);
  }

  private static Activation activation(Metadata mmproj) {
    boolean isGelu = mmproj.bool(ClipNames.USE_GELU, false);
    boolean isSilu = mmproj.bool(ClipNames.USE_SILU, false);
    require(
        !isGelu || !isSilu, mmproj, ClipNames.USE_SILU, "one activation", "GELU and SiLU at once");
    if (isGelu) {
      return Activation.GELU;
    }
    return isSilu ? Activation.SILU : Activation.QUICK_GELU;
  }

  private static float[] channels(Metadata mmproj, String key, boolean isDivisor) {
    float[] values = mmproj.numbers(key);
    require(values.length == 3, mmproj, key, "3 numbers", values.length);
    for (float value : values) {
      require(
          Float.isFinite(value) && (!isDivisor || value > 0),
          mmproj,
          key,
          isDivisor ? "numbers above 0" : "finite numbers",
          value);
    }
    return values;
  }

  private static void require(
      boolean isTrue, Metadata mmproj, String key, String expected, Object got) {
    if (!isTrue) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected %s, got %s"
              .formatted(mmproj.source(), key, expected, got));
    }
  }
}
