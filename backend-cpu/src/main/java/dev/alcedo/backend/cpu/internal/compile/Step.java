// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// A part of a compiled graph: units of work that are independent of each other.
///
/// @param name for messages: the op and its output
/// @param units how many units a run has
/// @param grain units that go together: a chunk is a whole number of grains
/// @param body does units `from..to-1`
record Step(String name, UnitCount units, int grain, Body body) {
  /// Units of a run.
  @FunctionalInterface
  interface UnitCount {
    int of(Run run);
  }

  /// Does units `from..to-1` of a run.
  @FunctionalInterface
  interface Body {
    void run(Run run, int from, int to, Scratch scratch);
  }
}
