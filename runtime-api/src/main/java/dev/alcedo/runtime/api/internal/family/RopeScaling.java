// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Metadata;

/// How a family stretches its rotary positions (`{arch}.rope.scaling.*`). Llama 3's factors are a
/// tensor, `rope_freqs.weight`, and need no key.
final class RopeScaling {
  private RopeScaling() {}

  /// What positions are multiplied by. As llama.cpp reads it: a factor without a type is linear, a
  /// factor of 0 is none, and old files spell it `rope.scale_linear`.
  ///
  /// @throws ModelFormatException if the factor is negative
  /// @throws UnsupportedModelException for kinds of scaling that are not linear
  static float freqScale(Metadata metadata) {
    String prefix = metadata.architecture() + ".rope.scaling.";
    String type = metadata.string(prefix + "type", "linear");
    return switch (type) {
      case "none" -> 1f;
      case "linear" -> 1f / factor(metadata, factorKey(metadata, prefix));
      default ->
          throw new UnsupportedModelException(
              "%s: rope scaling '%s' is not supported; known: none, linear"
                  .formatted(metadata.source(), type));
    };
  }

  private static String factorKey(Metadata metadata, String prefix) {
    String old = metadata.architecture() + ".rope.scale_linear";
    return !metadata.has(prefix + "factor") && metadata.has(old) ? old : prefix + "factor";
  }

  private static float factor(Metadata metadata, String key) {
    float factor = metadata.number(key, 1f);
    if (factor < 0) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected 0 or more, got %s"
              .formatted(metadata.source(), key, factor));
    }
    return factor == 0 ? 1f : factor;
  }
}
