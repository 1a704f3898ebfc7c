// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Metadata;

/// How a family stretches its rotary positions (`{arch}.rope.scaling.*`), as llama.cpp reads it: a
/// factor without a type is linear, a factor of 0 is none, and old files spell it
/// `rope.scale_linear`.
///
/// @param kind which formula
/// @param factor by how much positions are stretched; 1 is not at all
/// @param originalContextLength positions before stretching
/// @param attentionFactor what cosine and sine are multiplied by besides
record RopeScaling(Kind kind, float factor, int originalContextLength, float attentionFactor) {
  /// Turns within the original context above which YaRN does not stretch a pair. Keys for these
  /// bounds exist, but llama.cpp reads them for none of our families.
  private static final double TURNS_FAST = 32;

  /// Turns below which YaRN stretches a pair in full.
  private static final double TURNS_SLOW = 1;

  /// The formulas.
  enum Kind {
    /// Positions as they are.
    NONE,
    /// Positions divided by the factor.
    LINEAR,
    /// NTK-by-parts (arXiv 2309.00071): fast pairs as they are, slow ones as in [#LINEAR].
    YARN,
    /// Divisors of the frequencies from the file, one set for short contexts and one for long.
    LONGROPE
  }

  /// Reads the keys of architecture `metadata.architecture()`.
  ///
  /// @param contextLength positions that the model was trained for
  /// @throws ModelFormatException if a number is out of range
  /// @throws UnsupportedModelException for kinds of scaling that are none of these
  static RopeScaling read(Metadata metadata, int contextLength) {
    String prefix = metadata.architecture() + ".rope.scaling.";
    String type = metadata.string(prefix + "type", "linear");
    Kind kind =
        switch (type) {
          case "none" -> Kind.NONE;
          case "linear" -> Kind.LINEAR;
          case "yarn" -> Kind.YARN;
          case "longrope" -> Kind.LONGROPE;
          default ->
              throw new UnsupportedModelException(
                  "%s: rope scaling '%s' is not supported; known: none, linear, yarn, longrope"
                      .formatted(metadata.source(), type));
        };
    int original = originalContextLength(metadata, prefix, contextLength);
    return new RopeScaling(
        kind,
        kind == Kind.NONE ? 1f : factor(metadata, factorKey(metadata, prefix)),
        original,
        attentionFactor(metadata, prefix + "attn_factor"));
  }

  private static int originalContextLength(Metadata metadata, String prefix, int contextLength) {
    int original =
        metadata.integer(prefix + "original_context_length", 0, Integer.MAX_VALUE, contextLength);
    return original == 0 ? contextLength : original;
  }

  private static String factorKey(Metadata metadata, String prefix) {
    String old = metadata.architecture() + ".rope.scale_linear";
    return !metadata.has(prefix + "factor") && metadata.has(old) ? old : prefix + "factor";
  }

  private static float factor(Metadata metadata, String key) {
    float factor = metadata.number(key, 1f);
    if (factor < 0) {
      throw wrong(metadata, key, "0 or more", factor);
    }
    return factor == 0 ? 1f : factor;
  }

  private static float attentionFactor(Metadata metadata, String key) {
    float value = metadata.number(key, 1f);
    if (value <= 0) {
      throw wrong(metadata, key, "above 0", value);
    }
    return value;
  }

  private static ModelFormatException wrong(
      Metadata metadata, String key, String expected, float got) {
    return new ModelFormatException(
        "%s: metadata key '%s': expected %s, got %s"
            .formatted(metadata.source(), key, expected, got));
  }

  /// Whether pairs are stretched by different amounts.
  boolean isByParts() {
    return kind == Kind.YARN && factor != 1;
  }

  /// What positions are multiplied by, the same for all pairs.
  float freqScale() {
    return isByParts() ? 1f : 1f / factor;
  }

  /// What cosine and sine are multiplied by.
  float magnitude() {
    if (kind != Kind.YARN || factor <= 1) {
      return attentionFactor;
    }
    return (float) ((1 + 0.1 * Math.log(factor)) * attentionFactor);
  }

  /// What the frequency of each pair is divided by where [#isByParts].
  ///
  /// @param ropeLength elements of a head that turn
  /// @param freqBase base of the frequencies
  float[] divisors(int ropeLength, float freqBase) {
    double low = Math.max(0, Math.floor(pairOfTurns(TURNS_FAST, ropeLength, freqBase)));
    double high =
        Math.min(ropeLength - 1, Math.ceil(pairOfTurns(TURNS_SLOW, ropeLength, freqBase)));
    var divisors = new float[ropeLength / 2];
    for (int i = 0; i < divisors.length; i++) {
      double share = Math.clamp((i - low) / Math.max(0.001, high - low), 0.0, 1.0);
      divisors[i] = (float) (1 / (share / factor + (1 - share)));
    }
    return divisors;
  }

  // The (fractional) pair that makes `turns` turns within the original context.
  private double pairOfTurns(double turns, int ropeLength, float freqBase) {
    return ropeLength
        * Math.log(originalContextLength / (turns * 2 * Math.PI))
        / (2 * Math.log(freqBase));
  }
}
