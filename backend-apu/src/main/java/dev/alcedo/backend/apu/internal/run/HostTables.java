// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.lower.RopeKey;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What the host computes for each run because the adapter cannot: cosines and sines of positions,
/// and masks. Angles are taken in double, since a float angle is off by 0.004 at position 100,000.
final class HostTables {
  /// Added to scores that are not to be seen: finite in F16, and its exponential is 0.
  static final float UNSEEN = -1e4f;

  private HostTables() {}

  /// Fills both tables of `rows` rows, `[rows, headLength]` each.
  ///
  /// @param positions I32 `[rows, positionCount]`
  static void rope(
      RopeKey key,
      Graph graph,
      TensorView positions,
      int rows,
      Precision precision,
      MemorySegment cosines,
      MemorySegment turns) {
    Op.Rope op = key.op();
    double[] frequencies = frequencies(key, graph);
    int[] sections = sections(op);
    int count = key.positionCount();
    for (int row = 0; row < rows; row++) {
      long at = (long) row * op.headLength();
      for (int pair = 0; pair < frequencies.length; pair++) {
        int position = positions.data().get(TensorView.I32_LE, 4L * (row * count + sections[pair]));
        double angle = position * frequencies[pair];
        float cosine = (float) (Math.cos(angle) * op.magnitude());
        float sine = (float) (Math.sin(angle) * op.magnitude());
        boolean isHalves = op.style() == Op.Rope.Style.HALVES;
        int first = isHalves ? pair : 2 * pair;
        int second = isHalves ? pair + op.ropeLength() / 2 : 2 * pair + 1;
        precision.set(cosines, at + first, cosine);
        precision.set(cosines, at + second, cosine);
        precision.set(turns, at + first, -sine);
        precision.set(turns, at + second, sine);
      }
      for (int i = op.ropeLength(); i < op.headLength(); i++) {
        precision.set(cosines, at + i, 1);
        precision.set(turns, at + i, 0);
      }
    }
  }

  private static double[] frequencies(RopeKey key, Graph graph) {
    Op.Rope op = key.op();
    float[] factors = key.factors().map(f -> graph.constant(f).toFloats()).orElse(null);
    var frequencies = new double[op.ropeLength() / 2];
    int pair = 0;
    for (int pairCount : pairCounts(op)) {
      for (int j = 0; j < pairCount; j++, pair++) {
        double exponent =
            op.sections().isRestarting() ? -(double) j / pairCount : -2.0 * pair / op.ropeLength();
        frequencies[pair] =
            Math.pow(op.freqBase(), exponent)
                * op.freqScale()
                / (factors == null ? 1 : factors[pair]);
      }
    }
    return frequencies;
  }

  private static int[] sections(Op.Rope op) {
    var sections = new int[op.ropeLength() / 2];
    int pair = 0;
    List<Integer> counts = pairCounts(op);
    for (int s = 0; s < counts.size(); s++) {
      for (int j = 0; j < counts.get(s); j++) {
        sections[pair++] = s;
      }
    }
    return sections;
  }

  private static List<Integer> pairCounts(Op.Rope op) {
    return op.sections().isNone() ? List.of(op.ropeLength() / 2) : op.sections().pairCounts();
  }

  /// Within each of `items` items a row sees those with its own number.
  ///
  /// @param segments I32 `[items, rows]`
  /// @param mask `[items, 1, rows, rows]`
  static void segments(
      TensorView segments, int items, int rows, Precision precision, MemorySegment mask) {
    for (int item = 0; item < items; item++) {
      for (int i = 0; i < rows; i++) {
        int own = segments.data().get(TensorView.I32_LE, 4L * (item * rows + i));
        long at = ((long) item * rows + i) * rows;
        for (int j = 0; j < rows; j++) {
          int other = segments.data().get(TensorView.I32_LE, 4L * (item * rows + j));
          precision.set(mask, at + j, own == other ? 0 : UNSEEN);
        }
      }
    }
  }
}
