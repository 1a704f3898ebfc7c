// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import java.util.Arrays;

/// Repeated measurements of one quantity.
///
/// @param median the middle one, or the mean of the middle two
/// @param min the smallest
/// @param max the largest
public record Spread(double median, double min, double max) {
  /// Of at least one sample.
  static Spread of(double... samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
