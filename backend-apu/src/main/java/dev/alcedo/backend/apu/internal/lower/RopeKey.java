// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import java.util.Optional;

/// What the cosines and sines of a rotation depend on. The adapter has neither function, so the
/// host fills tables for each run; all blocks of a decoder share them.
///
/// @param op with a head count of 1
/// @param positions I32 `[r]` or `[r, sections]`, an input of the graph
/// @param factors divisors of the frequencies
public record RopeKey(Op.Rope op, Value positions, Optional<Value> factors) {
  static RopeKey of(Node node, Op.Rope op) {
    var single =
        new Op.Rope(
            op.style(),
            1,
            op.headLength(),
            op.ropeLength(),
            op.freqBase(),
            op.freqScale(),
            op.magnitude(),
            op.sections());
    Optional<Value> factors =
        node.inputs().size() > 2 ? Optional.of(node.inputs().get(2)) : Optional.empty();
    return new RopeKey(single, node.inputs().get(1), factors);
  }

  /// Positions of one row.
  public int positionCount() {
    return op.sections().isNone() ? 1 : op.sections().pairCounts().size();
  }
}
