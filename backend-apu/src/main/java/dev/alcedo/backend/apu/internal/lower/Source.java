// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Value;

/// What a run writes to an input of a network.
public sealed interface Source {
  /// The elements of a value of the graph.
  record OfValue(Value value) implements Source {}

  /// Cosines of a rotation, `[rows, headLength]`; 1 for elements that do not turn.
  record OfCosines(RopeKey key) implements Source {}

  /// What the other element of a pair is multiplied by, `[rows, headLength]`: sines with the sign
  /// that the element takes them with; 0 for elements that do not turn.
  record OfTurns(RopeKey key) implements Source {}

  /// Who sees whom within an item by segments, `[items, 1, rows, rows]`.
  record OfSegments(Value segments) implements Source {}
}
