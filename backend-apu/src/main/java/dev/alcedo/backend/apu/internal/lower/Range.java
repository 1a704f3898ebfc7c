// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.Quantisation;

/// The numbers that a tensor was seen to have, 0 among them as a quant must stand for it exactly.
///
/// @param min at most 0
/// @param max at least 0
public record Range(float min, float max) {
  /// Nothing but zeros.
  public static final Range ZERO = new Range(0, 0);

  /// So that products of two scales are numbers.
  private static final float SCALE_MIN = 1e-12f;

  private static final int QUANT_MIN = -128;
  private static final int QUANT_MAX = 127;

  /// Checks the ends.
  ///
  /// @throws IllegalArgumentException if they are not finite or 0 is not between them
  public Range {
    if (!(min <= 0 && max >= 0 && Float.isFinite(min) && Float.isFinite(max))) {
      throw new IllegalArgumentException(
          "range: expected finite numbers around 0, got %s to %s".formatted(min, max));
    }
  }

  /// With `value` in it, if that is a finite number.
  public Range including(float value) {
    return !Float.isFinite(value) || (value >= min && value <= max)
        ? this
        : new Range(Math.min(min, value), Math.max(max, value));
  }

  /// `factor` times as wide.
  public Range widened(float factor) {
    return new Range(
        Math.max(-Float.MAX_VALUE, min * factor), Math.min(Float.MAX_VALUE, max * factor));
  }

  /// As signed bytes with a zero point, the ends on the outermost quants.
  ///
  /// @param scaleMin what the scale is at least
  Quantisation quantisation(float scaleMin) {
    float exact = (float) (((double) max - min) / (QUANT_MAX - QUANT_MIN));
    float scale = Math.max(Math.max(exact, scaleMin), SCALE_MIN);
    int zeroPoint = Math.clamp(Math.round(QUANT_MIN - min / scale), QUANT_MIN, QUANT_MAX);
    return Quantisation.affine(scale, zeroPoint);
  }
}
