// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;

/// The innermost product of matrices: a few weight rows times two vectors of activation rows, all
/// sums in registers. Lanes are activation rows, so that weights stay in their own order and are
/// broadcast.
///
/// Written out because sums must be locals to stay in registers. The JIT loads all broadcasts of an
/// iteration before it multiplies, so R rows take 3 R + 2 registers: 8 rows where there are 32 (512
/// bits; 128 bits, NEON), 4 where there are 16 (256 bits, AVX2). One core of a Sapphire Rapids
/// reaches 98 % of its peak with 8 rows of 512 bits, and 65 % with 12, which spill; with 16
/// registers of 256 bits 94 % with 4 rows and 44 % with 6.
final class Tile {
  /// Weight rows of a tile.
  static final int ROWS = LENGTH == 8 ? 4 : 8;

  /// Activation rows of a tile.
  static final int COLS = 2 * LENGTH;

  /// Distance of the weight rows, and the most products that one call sums up. 8 rows of 512 floats
  /// are a third of a first-level cache. A constant, so that all rows share one index register.
  static final int DEPTH = 512;

  private Tile() {}

  /// `c[r][t] += sum of w[r][i] * a[i][t]` for `i < k`.
  ///
  /// @param w `[ROWS, DEPTH]` from `wo`
  /// @param a `[k, COLS]` from `ao`
  /// @param c `[ROWS, COLS]` from `co`
  static void multiply(float[] w, int wo, float[] a, int ao, int k, float[] c, int co) {
    if (ROWS == 8) {
      tile8(w, wo, a, ao, k, c, co);
    } else {
      tile4(w, wo, a, ao, k, c, co);
    }
  }

  private static void tile8(float[] w, int wo, float[] a, int ao, int k, float[] c, int co) {
    FloatVector c0a = load(c, co + 0 * LENGTH);
    FloatVector c0b = load(c, co + 1 * LENGTH);
    FloatVector c1a = load(c, co + 2 * LENGTH);
    FloatVector c1b = load(c, co + 3 * LENGTH);
    FloatVector c2a = load(c, co + 4 * LENGTH);
    FloatVector c2b = load(c, co + 5 * LENGTH);
    FloatVector c3a = load(c, co + 6 * LENGTH);
    FloatVector c3b = load(c, co + 7 * LENGTH);
    FloatVector c4a = load(c, co + 8 * LENGTH);
    FloatVector c4b = load(c, co + 9 * LENGTH);
    FloatVector c5a = load(c, co + 10 * LENGTH);
    FloatVector c5b = load(c, co + 11 * LENGTH);
    FloatVector c6a = load(c, co + 12 * LENGTH);
    FloatVector c6b = load(c, co + 13 * LENGTH);
    FloatVector c7a = load(c, co + 14 * LENGTH);
    FloatVector c7b = load(c, co + 15 * LENGTH);
    for (int i = 0; i < k; i++) {
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LENGTH);
      ao += 2 * LENGTH;
      FloatVector w0 = FloatVector.broadcast(Lanes.F, w[wo + i]);
      c0a = w0.fma(a0, c0a);
      c0b = w0.fma(a1, c0b);
      FloatVector w1 = FloatVector.broadcast(Lanes.F, w[wo + 1 * DEPTH + i]);
      c1a = w1.fma(a0, c1a);
      c1b = w1.fma(a1, c1b);
      FloatVector w2 = FloatVector.broadcast(Lanes.F, w[wo + 2 * DEPTH + i]);
      c2a = w2.fma(a0, c2a);
      c2b = w2.fma(a1, c2b);
      FloatVector w3 = FloatVector.broadcast(Lanes.F, w[wo + 3 * DEPTH + i]);
      c3a = w3.fma(a0, c3a);
      c3b = w3.fma(a1, c3b);
      FloatVector w4 = FloatVector.broadcast(Lanes.F, w[wo + 4 * DEPTH + i]);
      c4a = w4.fma(a0, c4a);
      c4b = w4.fma(a1, c4b);
      FloatVector w5 = FloatVector.broadcast(Lanes.F, w[wo + 5 * DEPTH + i]);
      c5a = w5.fma(a0, c5a);
      c5b = w5.fma(a1, c5b);
      FloatVector w6 = FloatVector.broadcast(Lanes.F, w[wo + 6 * DEPTH + i]);
      c6a = w6.fma(a0, c6a);
      c6b = w6.fma(a1, c6b);
      FloatVector w7 = FloatVector.broadcast(Lanes.F, w[wo + 7 * DEPTH + i]);
      c7a = w7.fma(a0, c7a);
      c7b = w7.fma(a1, c7b);
    }
    c0a.intoArray(c, co + 0 * LENGTH);
    c0b.intoArray(c, co + 1 * LENGTH);
    c1a.intoArray(c, co + 2 * LENGTH);
    c1b.intoArray(c, co + 3 * LENGTH);
    c2a.intoArray(c, co + 4 * LENGTH);
    c2b.intoArray(c, co + 5 * LENGTH);
    c3a.intoArray(c, co + 6 * LENGTH);
    c3b.intoArray(c, co + 7 * LENGTH);
    c4a.intoArray(c, co + 8 * LENGTH);
    c4b.intoArray(c, co + 9 * LENGTH);
    c5a.intoArray(c, co + 10 * LENGTH);
    c5b.intoArray(c, co + 11 * LENGTH);
    c6a.intoArray(c, co + 12 * LENGTH);
    c6b.intoArray(c, co + 13 * LENGTH);
    c7a.intoArray(c, co + 14 * LENGTH);
    c7b.intoArray(c, co + 15 * LENGTH);
  }

  private static void tile4(float[] w, int wo, float[] a, int ao, int k, float[] c, int co) {
    FloatVector c0a = load(c, co + 0 * LENGTH);
    FloatVector c0b = load(c, co + 1 * LENGTH);
    FloatVector c1a = load(c, co + 2 * LENGTH);
    FloatVector c1b = load(c, co + 3 * LENGTH);
    FloatVector c2a = load(c, co + 4 * LENGTH);
    FloatVector c2b = load(c, co + 5 * LENGTH);
    FloatVector c3a = load(c, co + 6 * LENGTH);
    FloatVector c3b = load(c, co + 7 * LENGTH);
    for (int i = 0; i < k; i++) {
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LENGTH);
      ao += 2 * LENGTH;
      FloatVector w0 = FloatVector.broadcast(Lanes.F, w[wo + i]);
      c0a = w0.fma(a0, c0a);
      c0b = w0.fma(a1, c0b);
      FloatVector w1 = FloatVector.broadcast(Lanes.F, w[wo + 1 * DEPTH + i]);
      c1a = w1.fma(a0, c1a);
      c1b = w1.fma(a1, c1b);
      FloatVector w2 = FloatVector.broadcast(Lanes.F, w[wo + 2 * DEPTH + i]);
      c2a = w2.fma(a0, c2a);
      c2b = w2.fma(a1, c2b);
      FloatVector w3 = FloatVector.broadcast(Lanes.F, w[wo + 3 * DEPTH + i]);
      c3a = w3.fma(a0, c3a);
      c3b = w3.fma(a1, c3b);
    }
    c0a.intoArray(c, co + 0 * LENGTH);
    c0b.intoArray(c, co + 1 * LENGTH);
    c1a.intoArray(c, co + 2 * LENGTH);
    c1b.intoArray(c, co + 3 * LENGTH);
    c2a.intoArray(c, co + 4 * LENGTH);
    c2b.intoArray(c, co + 5 * LENGTH);
    c3a.intoArray(c, co + 6 * LENGTH);
    c3b.intoArray(c, co + 7 * LENGTH);
  }
}
