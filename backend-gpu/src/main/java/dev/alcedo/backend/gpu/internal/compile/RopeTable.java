// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.graph.Op;
import java.util.List;
import java.util.Optional;

/// What the kernel `rope` needs of each pair: how far it turns per position, and by which of a
/// row's positions.
///
/// @param frequencies of each pair in units of 2^-64 of a full turn, whole turns left out
/// @param sections which position of a row each pair turns by
/// @param positionCount positions of a row
record RopeTable(long[] frequencies, int[] sections, int positionCount) {
  private static final double UNITS_PER_HALF_TURN = 0x1p63;

  static RopeTable of(Op.Rope op, Optional<float[]> factors) {
    int pairCount = op.ropeLength() / 2;
    List<Integer> counts = op.sections().isNone() ? List.of(pairCount) : op.sections().pairCounts();
    var frequencies = new long[pairCount];
    var sections = new int[pairCount];
    int pair = 0;
    for (int s = 0; s < counts.size(); s++) {
      for (int j = 0; j < counts.get(s); j++, pair++) {
        double exponent =
            op.sections().isRestarting()
                ? -(double) j / counts.get(s)
                : -2.0 * pair / op.ropeLength();
        double radians = Math.pow(op.freqBase(), exponent) * op.freqScale();
        int at = pair;
        frequencies[pair] = turns(radians / factors.map(f -> (double) f[at]).orElse(1.0));
        sections[pair] = s;
      }
    }
    return new RopeTable(frequencies, sections, counts.size());
  }

  /// An angle in units of 2^-64 of a turn, whole turns left out: the unsigned number's bits.
  private static long turns(double radians) {
    double halfTurns = Math.IEEEremainder(radians / Math.PI, 2); // -1 to 1
    double units =
        halfTurns * UNITS_PER_HALF_TURN; // exact, and 1 becomes -1 by saturation + 1 unit
    return (long) units;
  }
}
