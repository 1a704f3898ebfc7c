// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The activation functions. All but GELU by erf are `x / (1 + exp(-z))`: with `z = x` SiLU, with
/// `z = 1.702 x` QuickGELU, and since `(1 + tanh u) / 2 = 1 / (1 + exp(-2 u))`, with `z = 2 u`
/// GELU.
///
/// Rows have at least [Lanes#LENGTH] elements and are not changed in place: the last vector ends
/// where the row does and overlaps the one before it. A second, masked body for the tail would take
/// these methods over the JIT's inlining limit.
final class Activations {
  private static final float QUICK = 1.702f;
  private static final float TWICE_SQRT_2_OVER_PI = (float) (2 * Math.sqrt(2 / Math.PI));
  private static final float SQRT_HALF = (float) Math.sqrt(0.5);
  private static final float CUBIC = 0.044715f;

  private Activations() {}

  static void silu(float[] x, int xo, float[] y, int yo, int length) {
    for (int i = 0; i < length; i += LENGTH) {
      int at = Math.min(i, length - LENGTH);
      FloatVector v = load(x, xo + at);
      gate(v, v).intoArray(y, yo + at);
    }
  }

  static void quickGelu(float[] x, int xo, float[] y, int yo, int length) {
    for (int i = 0; i < length; i += LENGTH) {
      int at = Math.min(i, length - LENGTH);
      FloatVector v = load(x, xo + at);
      gate(v, v.mul(QUICK)).intoArray(y, yo + at);
    }
  }

  static void geluTanh(float[] x, int xo, float[] y, int yo, int length) {
    for (int i = 0; i < length; i += LENGTH) {
      int at = Math.min(i, length - LENGTH);
      FloatVector v = load(x, xo + at);
      gate(v, tanhArgument(v)).intoArray(y, yo + at);
    }
  }

  static void geluErf(float[] x, int xo, float[] y, int yo, int length) {
    for (int i = 0; i < length; i += LENGTH) {
      int at = Math.min(i, length - LENGTH);
      geluErf(load(x, xo + at)).intoArray(y, yo + at);
    }
  }

  private static FloatVector gate(FloatVector x, FloatVector z) {
    return x.div(Exp.exp(z.neg()).add(1));
  }

  private static FloatVector tanhArgument(FloatVector x) {
    return x.mul(x).mul(CUBIC).add(1).mul(x.mul(TWICE_SQRT_2_OVER_PI));
  }

  /// `erfc(z) = (1 + a1 z + ... + a6 z^6)^-16` for z >= 0, with an error of at most 3e-7
  /// (Abramowitz and Stegun 7.1.28). `x Phi(x)` is `x (1 - erfc(z) / 2)` for positive x and `x
  /// erfc(z) / 2` for negative x, where `z = |x| / sqrt(2)`.
  private static FloatVector geluErf(FloatVector x) {
    FloatVector z = x.abs().mul(SQRT_HALF);
    FloatVector p = z.mul(0.0000430638f).add(0.0002765672f);
    p = p.mul(z).add(0.0001520143f);
    p = p.mul(z).add(0.0092705272f);
    p = p.mul(z).add(0.0422820123f);
    p = p.mul(z).add(0.0705230784f);
    p = p.mul(z).add(1);
    p = p.mul(p);
    p = p.mul(p);
    p = p.mul(p);
    p = p.mul(p);
    FloatVector half = FloatVector.broadcast(Lanes.F, 0.5f);
    FloatVector tail = half.div(p);
    FloatVector rest = FloatVector.broadcast(Lanes.F, 1).sub(tail);
    return x.mul(tail.blend(rest, x.compare(VectorOperators.GT, 0)));
  }
}
