// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import java.util.Comparator;

/// Version of a Neuron Adapter library.
///
/// @param major 0 to 255, as are the others
/// @param minor counts within a major version
/// @param patch counts within a minor version
public record NeuronVersion(int major, int minor, int patch) implements Comparable<NeuronVersion> {
  /// The oldest that we accept: result codes and structs are those that we bind since then. What
  /// came later (BATCH_MATMUL in 5.1.2) is asked for, not assumed.
  public static final NeuronVersion OLDEST_ACCEPTED = new NeuronVersion(5, 0, 0);

  private static final Comparator<NeuronVersion> ORDER =
      Comparator.comparingInt(NeuronVersion::major)
          .thenComparingInt(NeuronVersion::minor)
          .thenComparingInt(NeuronVersion::patch);

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException if a part is not 0 to 255
  public NeuronVersion {
    if ((major | minor | patch) >>> 8 != 0) {
      throw new IllegalArgumentException("parts of a Neuron version are 0 to 255");
    }
  }

  /// Reads `major.minor.patch`.
  ///
  /// @throws IllegalArgumentException if the text is no such version
  static NeuronVersion parse(String text) {
    if (!text.matches("[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
      throw new IllegalArgumentException("not a Neuron version: " + text);
    }
    String[] parts = text.split("\\.");
    return new NeuronVersion(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /// Whether its calls are those that we bind.
  public boolean isAccepted() {
    return compareTo(OLDEST_ACCEPTED) >= 0;
  }

  @Override
  public int compareTo(NeuronVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "%d.%d.%d".formatted(major, minor, patch);
  }
}
