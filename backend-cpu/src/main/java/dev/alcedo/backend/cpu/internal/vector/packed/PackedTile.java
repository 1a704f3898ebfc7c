// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.S;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.SHORTS;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.pair;

import jdk.incubator.vector.ShortVector;

/// The innermost product of prefill: four activation rows times two vectors of weight rows, sums of
/// 16 bits in registers.
///
/// A multiplication and an addition of 32 shorts take as long as one fused multiplication and
/// addition of 16 floats on a Zen 4, for additions have other ports; so this has nearly twice the
/// speed of floats. A tile of 4 by 4 is beyond the number of vector operations that the JIT inlines
/// in one method.
final class PackedTile {
  /// Activation rows of a tile.
  static final int TOKENS = 4;

  /// Vectors of weight rows of a tile.
  static final int VECTORS = 2;

  private PackedTile() {}

  /// `rows`, filled up to whole tiles.
  static int padded(int rows) {
    return Math.ceilDiv(rows, TOKENS) * TOKENS;
  }

  /// `sums[t][v] = sum of x[t][i] * w[i][v]` for `i < pairs`.
  ///
  /// @param w `[pairs, VECTORS, SHORTS]` from `wo`
  /// @param x pairs of row t from `xo + t * stride`
  /// @param sums `[TOKENS, VECTORS, SHORTS]` from `so`
  static void multiply(
      short[] w, int wo, int pairs, int[] x, int xo, int stride, short[] sums, int so) {
    ShortVector s00 = ShortVector.zero(S);
    ShortVector s01 = s00;
    ShortVector s10 = s00;
    ShortVector s11 = s00;
    ShortVector s20 = s00;
    ShortVector s21 = s00;
    ShortVector s30 = s00;
    ShortVector s31 = s00;
    for (int i = 0; i < pairs; i++) {
      ShortVector w0 = ShortVector.fromArray(S, w, wo);
      ShortVector w1 = ShortVector.fromArray(S, w, wo + SHORTS);
      wo += VECTORS * SHORTS;
      ShortVector x0 = pair(x, xo + i);
      s00 = x0.mul(w0).add(s00);
      s01 = x0.mul(w1).add(s01);
      ShortVector x1 = pair(x, xo + stride + i);
      s10 = x1.mul(w0).add(s10);
      s11 = x1.mul(w1).add(s11);
      ShortVector x2 = pair(x, xo + 2 * stride + i);
      s20 = x2.mul(w0).add(s20);
      s21 = x2.mul(w1).add(s21);
      ShortVector x3 = pair(x, xo + 3 * stride + i);
      s30 = x3.mul(w0).add(s30);
      s31 = x3.mul(w1).add(s31);
    }
    s00.intoArray(sums, so);
    s01.intoArray(sums, so + SHORTS);
    s10.intoArray(sums, so + 2 * SHORTS);
    s11.intoArray(sums, so + 3 * SHORTS);
    s20.intoArray(sums, so + 4 * SHORTS);
    s21.intoArray(sums, so + 5 * SHORTS);
    s30.intoArray(sums, so + 6 * SHORTS);
    s31.intoArray(sums, so + 7 * SHORTS);
  }
}
