// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// How the quants of a tensor become numbers: `(quant - zeroPoint) * scale`.
///
/// @param scale 0 for types that are not quantised, and where each channel has its own
/// @param zeroPoint the quant that stands for 0
/// @param channelScales F32 in native memory, one for each element of the first dimension
public record Quantisation(float scale, int zeroPoint, Optional<MemorySegment> channelScales) {
  /// Of types that are not quantised.
  public static final Quantisation NONE = new Quantisation(0, 0, Optional.empty());

  /// One scale for all, and 0 for 0.
  public static Quantisation symmetric(float scale) {
    return affine(scale, 0);
  }

  /// One scale and one zero point for all.
  public static Quantisation affine(float scale, int zeroPoint) {
    return new Quantisation(scale, zeroPoint, Optional.empty());
  }

  /// A scale for each row of a matrix.
  public static Quantisation perRow(MemorySegment scales) {
    return new Quantisation(0, 0, Optional.of(scales));
  }
}
