// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Value;
import java.util.Map;

/// What networks are lowered for.
///
/// @param hasRmsNorm whether the driver has `MTKEXT_RMS_NORMALIZATION`
/// @param ranges of the operands and results of products that are computed in 8 bits
public record Target(Precision precision, boolean hasRmsNorm, Map<Value, Range> ranges) {
  /// Copies the map.
  public Target {
    ranges = Map.copyOf(ranges);
  }

  /// Without products in 8 bits.
  public Target(Precision precision, boolean hasRmsNorm) {
    this(precision, hasRmsNorm, Map.of());
  }

  /// The same with products in 8 bits where `ranges` has their operands and results.
  public Target with(Map<Value, Range> others) {
    return new Target(precision, hasRmsNorm, others);
  }
}
