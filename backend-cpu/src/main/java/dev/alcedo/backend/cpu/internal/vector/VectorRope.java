// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import dev.alcedo.backend.cpu.internal.scalar.ScalarRope;
import dev.alcedo.runtime.api.graph.Op;
import jdk.incubator.vector.VectorShuffle;

/// Rotary position embedding: `y = x * cosines + partners * turns`. Interleaved partners are
/// neighbours, so a shuffle within the vector brings them; those of halves are a load away.
final class VectorRope {
  private static final VectorShuffle<Float> NEIGHBOURS = VectorShuffle.fromOp(Lanes.F, i -> i ^ 1);

  private VectorRope() {}

  static void rope(
      Op.Rope op, float[] turns, int turnOffset, float[] x, int xOffset, float[] y, int yOffset) {
    int length = op.ropeLength();
    int sines = turnOffset + length;
    for (int head = 0; head < op.headCount(); head++) {
      int xo = xOffset + head * op.headLength();
      int yo = yOffset + head * op.headLength();
      if (op.style() == Op.Rope.Style.INTERLEAVED) {
        int done = interleaved(turns, turnOffset, sines, x, xo, y, yo, length);
        for (int i = done; i < length; i++) {
          y[yo + i] =
              x[xo + i] * turns[turnOffset + i]
                  + x[xo + ScalarRope.partner(op, i)] * turns[sines + i];
        }
      } else {
        int half = length / 2;
        half(turns, turnOffset, sines, x, xo, xo + half, y, yo, half);
        half(turns, turnOffset + half, sines + half, x, xo + half, xo, y, yo + half, half);
      }
      System.arraycopy(x, xo + length, y, yo + length, op.headLength() - length);
    }
  }

  private static int interleaved(
      float[] turns, int co, int so, float[] x, int xo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      var v = load(x, xo + i);
      var partners = v.rearrange(NEIGHBOURS);
      v.mul(load(turns, co + i)).add(partners.mul(load(turns, so + i))).intoArray(y, yo + i);
    }
    return i;
  }

  private static void half(
      float[] turns,
      int co,
      int so,
      float[] x,
      int xo,
      int partner,
      float[] y,
      int yo,
      int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      load(x, xo + i)
          .mul(load(turns, co + i))
          .add(load(x, partner + i).mul(load(turns, so + i)))
          .intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = x[xo + i] * turns[co + i] + x[partner + i] * turns[so + i];
    }
  }
}
