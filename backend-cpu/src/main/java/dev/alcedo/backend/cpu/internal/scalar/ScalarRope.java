// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.runtime.api.graph.Op;
import org.jspecify.annotations.Nullable;

/// Rotary position embedding. The angles are taken in double: at position 100,000 a float angle is
/// off by 0.004.
public final class ScalarRope {
  private ScalarRope() {}

  /// The turns of one position: from `offset` on the cosines of all `ropeLength / 2` pairs, then
  /// their sines.
  public static void turns(
      Op.Rope op, int position, float @Nullable [] factors, float[] turns, int offset) {
    int pairCount = op.ropeLength() / 2;
    for (int i = 0; i < pairCount; i++) {
      double frequency = Math.pow(op.freqBase(), -2.0 * i / op.ropeLength()) * op.freqScale();
      double angle = position * frequency / (factors == null ? 1 : factors[i]);
      turns[offset + i] = (float) (Math.cos(angle) * op.magnitude());
      turns[offset + pairCount + i] = (float) (Math.sin(angle) * op.magnitude());
    }
  }

  static void rope(
      Op.Rope op, float[] turns, int turnOffset, float[] x, int xOffset, float[] y, int yOffset) {
    int pairCount = op.ropeLength() / 2;
    boolean isInterleaved = op.style() == Op.Rope.Style.INTERLEAVED;
    for (int head = 0; head < op.headCount(); head++) {
      int at = head * op.headLength();
      for (int i = 0; i < pairCount; i++) {
        int first = at + (isInterleaved ? 2 * i : i);
        int second = at + (isInterleaved ? 2 * i + 1 : i + pairCount);
        float cos = turns[turnOffset + i];
        float sin = turns[turnOffset + pairCount + i];
        float a = x[xOffset + first];
        float b = x[xOffset + second];
        y[yOffset + first] = a * cos - b * sin;
        y[yOffset + second] = a * sin + b * cos;
      }
      for (int i = op.ropeLength(); i < op.headLength(); i++) {
        y[yOffset + at + i] = x[xOffset + at + i];
      }
    }
  }
}
