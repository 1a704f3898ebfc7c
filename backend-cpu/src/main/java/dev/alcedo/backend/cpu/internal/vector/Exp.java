// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// The exponential function. `x = n ln 2 + r` with `|r| <= ln 2 / 2`; `exp(r)` by its Taylor series
/// to the seventh power, whose remainder is 5e-9; then `2^n` in two factors, so that results
/// overflow to infinity and underflow gradually. Relative error at most 2e-7.
final class Exp {
  // Beyond these the result is infinite or zero whatever the argument.
  private static final float MAX = 89;
  private static final float MIN = -104;

  private static final float LOG2_E = 1.44269504f;
  // ln 2 in two parts, the first with few enough bits for n times it to be exact.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  // Adding it leaves a number without fraction, rounded to nearest, in the low bits.
  private static final float ROUNDER = 0x1.8p23f;
  private static final int ROUNDER_BITS = Float.floatToIntBits(ROUNDER);

  private Exp() {}

  static FloatVector exp(FloatVector x) {
    FloatVector most = FloatVector.broadcast(Lanes.F, MAX);
    x = most.blend(x, most.compare(VectorOperators.LT, x).not());
    x = x.blend(MIN, x.compare(VectorOperators.LT, MIN));
    FloatVector shifted = x.mul(LOG2_E).add(ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.lanewise(VectorOperators.FMA, -LN2_HIGH, x);
    r = n.lanewise(VectorOperators.FMA, -LN2_LOW, r);
    FloatVector p =
        r.lanewise(VectorOperators.FMA, 1f / 5040, FloatVector.broadcast(Lanes.F, 1f / 720));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(Lanes.F, 1f / 120));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(Lanes.F, 1f / 24));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(Lanes.F, 1f / 6));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(Lanes.F, 0.5f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(Lanes.F, 1f));
    p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(Lanes.F, 1f));
    IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  private static FloatVector powerOfTwo(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
