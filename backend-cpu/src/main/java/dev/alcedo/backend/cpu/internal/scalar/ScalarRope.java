// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.runtime.api.graph.Op;
import org.jspecify.annotations.Nullable;

/// Rotary position embedding. A pair `(a, b)` turns to `(a cos - b sin, b cos + a sin)`, so each
/// element is `own * cosine + partner * turn`, where the turn is `-sin` for the first of a pair and
/// `sin` for the second.
///
/// The angles are taken in double: at position 100,000 a float angle is off by 0.004.
public final class ScalarRope {
  private ScalarRope() {}

  /// Floats that the turns of one position take.
  public static int turnLength(Op.Rope op) {
    return 2 * op.ropeLength();
  }

  /// Positions of one row: one for each section, or one.
  public static int positionCount(Op.Rope op) {
    return op.sections().isNone() ? 1 : op.sections().pairCounts().size();
  }

  /// The turns of one row, whose positions are `positions[row * positionCount..]`: from `offset` on
  /// the cosines of all `ropeLength` elements of a head, then their turns.
  public static void turns(
      Op.Rope op, int[] positions, int row, float @Nullable [] factors, float[] turns, int offset) {
    int count = positionCount(op);
    int pair = 0;
    for (int s = 0; s < count; s++) {
      int pairCount = op.sections().isNone() ? op.ropeLength() / 2 : pairCount(op, s);
      int position = positions[row * count + s];
      for (int j = 0; j < pairCount; j++, pair++) {
        double exponent =
            op.sections().isRestarting() ? -(double) j / pairCount : -2.0 * pair / op.ropeLength();
        double frequency = Math.pow(op.freqBase(), exponent) * op.freqScale();
        turn(op, pair, position * frequency / (factors == null ? 1 : factors[pair]), turns, offset);
      }
    }
  }

  private static int pairCount(Op.Rope op, int section) {
    return op.sections().pairCounts().get(section);
  }

  private static void turn(Op.Rope op, int pair, double angle, float[] turns, int offset) {
    float cos = (float) (Math.cos(angle) * op.magnitude());
    float sin = (float) (Math.sin(angle) * op.magnitude());
    int first = isInterleaved(op) ? 2 * pair : pair;
    int second = partner(op, first);
    turns[offset + first] = cos;
    turns[offset + second] = cos;
    turns[offset + op.ropeLength() + first] = -sin;
    turns[offset + op.ropeLength() + second] = sin;
  }

  /// The other element of the pair of element `i` of a head.
  public static int partner(Op.Rope op, int i) {
    int half = op.ropeLength() / 2;
    return isInterleaved(op) ? i ^ 1 : i < half ? i + half : i - half;
  }

  static void rope(
      Op.Rope op, float[] turns, int turnOffset, float[] x, int xOffset, float[] y, int yOffset) {
    for (int head = 0; head < op.headCount(); head++) {
      int from = xOffset + head * op.headLength();
      int to = yOffset + head * op.headLength();
      for (int i = 0; i < op.ropeLength(); i++) {
        float cos = turns[turnOffset + i];
        float turn = turns[turnOffset + op.ropeLength() + i];
        y[to + i] = x[from + i] * cos + x[from + partner(op, i)] * turn;
      }
      for (int i = op.ropeLength(); i < op.headLength(); i++) {
        y[to + i] = x[from + i];
      }
    }
  }

  private static boolean isInterleaved(Op.Rope op) {
    return op.style() == Op.Rope.Style.INTERLEAVED;
  }
}
