// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/// Normalised mean squared error, `sum (got - expected)^2 / sum expected^2`: the square of the
/// relative error of a whole tensor.
public final class Nmse {
  // Numbers below 1e-31 count as that large: devices may flush subnormals (1e-38) to zero.
  private static final double SQUARE_MIN = 1e-62;

  private Nmse() {}

  /// The error; infinite if a NaN or infinity is not where it is expected.
  public static double of(float[] expected, float[] got) {
    double error = 0;
    double norm = expected.length * SQUARE_MIN;
    for (int i = 0; i < expected.length; i++) {
      if (Float.isFinite(expected[i]) && Float.isFinite(got[i])) {
        double d = (double) got[i] - expected[i];
        error += d * d;
        norm += (double) expected[i] * expected[i];
      } else if (Float.compare(expected[i], got[i]) != 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return error / norm;
  }

  /// Fails unless the error is at most `tolerance`.
  public static void assertClose(String what, float[] expected, float[] got, double tolerance) {
    assertEquals(expected.length, got.length, what + ": length");
    double error = of(expected, got);
    if (!(error <= tolerance)) {
      int worst = 0;
      for (int i = 1; i < got.length; i++) {
        if (!(Math.abs(got[i] - expected[i]) <= Math.abs(got[worst] - expected[worst]))) {
          worst = i;
        }
      }
      fail(
          "%s: NMSE: expected at most %.1e, got %.3e; worst element %d of %d: expected %s, got %s; %s"
              .formatted(
                  what,
                  tolerance,
                  error,
                  worst,
                  got.length,
                  expected[worst],
                  got[worst],
                  Seeds.hint()));
    }
  }
}
