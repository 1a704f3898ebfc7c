// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

/// The activation functions of one element, in double.
final class ScalarActivations {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  private ScalarActivations() {}

  static float silu(double x) {
    return (float) (x / (1 + Math.exp(-x)));
  }

  static float quickGelu(double x) {
    return (float) (x / (1 + Math.exp(-1.702 * x)));
  }

  static float geluTanh(double x) {
    return (float) (0.5 * x * (1 + Math.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x * x * x))));
  }

  static float geluErf(double x) {
    return (float) (0.5 * x * (1 + erf(x * Math.sqrt(0.5))));
  }

  /// The error function by the series `2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 ... 2n+1)`
  /// (Abramowitz and Stegun 7.1.6), whose terms all have one sign, so nothing cancels.
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x); // 1 - erf(6) is 2e-17
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
