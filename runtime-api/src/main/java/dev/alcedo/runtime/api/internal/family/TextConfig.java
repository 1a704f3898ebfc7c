// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Locale;

/// Hyper-parameters that all decoder families share, named after the tails of their GGUF keys.
///
/// @param architecture `general.architecture`, the prefix of the keys
/// @param contextLength positions that the model was trained for
/// @param sessionLength positions of a session
/// @param embeddingLength columns of the residual stream
/// @param blockCount transformer blocks
/// @param feedForwardLength columns inside the feed-forward part
/// @param headCount query heads
/// @param headCountKv key/value heads; divides headCount
/// @param headLength elements of one head (`attention.key_length`)
/// @param ropeLength elements of a head that turn (`rope.dimension_count`)
/// @param ropeFreqBase base of the rotary frequencies
/// @param ropeScaling how rotary positions are stretched
/// @param normEps epsilon of the RMS norms
public record TextConfig(
    String architecture,
    int contextLength,
    int sessionLength,
    int embeddingLength,
    int blockCount,
    int feedForwardLength,
    int headCount,
    int headCountKv,
    int headLength,
    int ropeLength,
    float ropeFreqBase,
    RopeScaling ropeScaling,
    float normEps) {
  private static final int LENGTH_MAX = 1 << 20;

  /// Reads and checks the keys of architecture `metadata.architecture()`.
  ///
  /// @param sessionLength positions of a session; 0 means as many as the model was trained for, up
  ///   to [ModelOptions#CONTEXT_LENGTH_DEFAULT_MAX]
  /// @throws ModelFormatException if a key is missing, out of range, or heads do not divide
  static TextConfig read(Metadata metadata, int sessionLength) {
    var keys = new Keys(metadata, metadata.architecture());
    int embeddingLength = keys.integer("embedding_length", 1, LENGTH_MAX);
    int headCount = keys.integer("attention.head_count", 1, 4096);
    int headCountKv = keys.integer("attention.head_count_kv", 1, 4096, headCount);
    if (!keys.has("attention.key_length") && embeddingLength % headCount != 0) {
      throw keys.wrong("attention.head_count", "a divisor of " + embeddingLength, headCount);
    }
    int headLength =
        keys.integer("attention.key_length", 1, 4096, Math.max(1, embeddingLength / headCount));
    int valueLength = keys.integer("attention.value_length", 1, 4096, headLength);
    int ropeLength = keys.integer("rope.dimension_count", 2, 4096, headLength);
    if (headCount % headCountKv != 0) {
      throw keys.wrong("attention.head_count_kv", "a divisor of " + headCount, headCountKv);
    }
    if (valueLength != headLength) {
      throw keys.wrong("attention.value_length", "the key length " + headLength, valueLength);
    }
    if (ropeLength > headLength || ropeLength % 2 != 0) {
      throw keys.wrong("rope.dimension_count", "even, at most " + headLength, ropeLength);
    }
    float eps = keys.number("attention.layer_norm_rms_epsilon", 1e-5f);
    if (eps < 0) {
      throw keys.wrong("attention.layer_norm_rms_epsilon", "0 or more", eps);
    }
    float freqBase = keys.number("rope.freq_base", 10_000f);
    if (freqBase <= 0) {
      throw keys.wrong("rope.freq_base", "above 0", freqBase);
    }
    int contextLength = keys.integer("context_length", 1, Integer.MAX_VALUE);
    return new TextConfig(
        metadata.architecture(),
        contextLength,
        sessionLength == 0
            ? Math.min(contextLength, ModelOptions.CONTEXT_LENGTH_DEFAULT_MAX)
            : sessionLength,
        embeddingLength,
        keys.integer("block_count", 1, 4096),
        keys.integer("feed_forward_length", 1, LENGTH_MAX),
        headCount,
        headCountKv,
        headLength,
        ropeLength,
        freqBase,
        RopeScaling.read(metadata, contextLength),
        eps);
  }

  /// What one position takes in a KV cache of `dtype`.
  ///
  /// @throws InvalidRequestException if heads are no whole blocks of it
  public KvLayout kvLayout(DType dtype) {
    if (headLength % dtype.blockLength() != 0) {
      throw new InvalidRequestException(
          "kvType: heads of %d elements are no whole blocks of %d, as %s has them: use f16"
              .formatted(headLength, dtype.blockLength(), dtype.name().toLowerCase(Locale.ROOT)));
    }
    return new KvLayout(dtype, blockCount, headCountKv, headLength);
  }

  /// What attention scores are multiplied by: `1 / sqrt(headLength)`.
  float attentionScale() {
    return (float) (1 / Math.sqrt(headLength));
  }

  /// E.g. `llama: 22 blocks of 2048, 32 heads (4 kv) of 64, ffn 5632`.
  public String describe() {
    return "%s: %d blocks of %d, %d heads (%d kv) of %d, ffn %d"
        .formatted(
            architecture,
            blockCount,
            embeddingLength,
            headCount,
            headCountKv,
            headLength,
            feedForwardLength);
  }

  /// Getters under an architecture's prefix.
  private record Keys(Metadata metadata, String prefix) {
    int integer(String key, int min, int max) {
      return metadata.integer(prefix + "." + key, min, max);
    }

    int integer(String key, int min, int max, int fallback) {
      return metadata.integer(prefix + "." + key, min, max, fallback);
    }

    float number(String key, float fallback) {
      return metadata.number(prefix + "." + key, fallback);
    }

    boolean has(String key) {
      return metadata.has(prefix + "." + key);
    }

    ModelFormatException wrong(String key, String expected, Number got) {
      return new ModelFormatException(
          "%s: metadata key '%s.%s': expected %s, got %s"
              .formatted(metadata.source(), prefix, key, expected, got));
    }
  }
}
