// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.width;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// How wide vectors are: as the JVM prefers on this processor, unless the system property
/// `alcedo.cpu.vectorBits` says 128, 256 or 512. Tests force widths; a processor without the forced
/// one still computes rightly, but very slowly.
public final class VectorWidth {
  private static final String PROPERTY = "alcedo.cpu.vectorBits";

  private VectorWidth() {}

  /// The width in bits.
  ///
  /// @throws IllegalArgumentException if the property has another value
  public static int bits() {
    String forced = System.getProperty(PROPERTY, "");
    return switch (forced) {
      // Wider registers (SVE) exist, but the kernels' tiles are made for these.
      case "" -> Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
      case "128", "256", "512" -> Integer.parseInt(forced);
      default ->
          throw new IllegalArgumentException(
              "system property %s: expected 128, 256 or 512, got '%s'".formatted(PROPERTY, forced));
    };
  }

  /// Floats of that width.
  public static VectorSpecies<Float> species() {
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits()));
  }
}
