// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How far a text is in a grammar: all readings of it that are still possible. Knows the positions
/// behind it that were asked for; see [Automaton].
final class Position {
  /// No reading is possible.
  static final Position NOWHERE = new Position(new Frame[0], false, 0);

  private final Frame[] frames;
  private final boolean canEnd;
  private final @Nullable Position[] next;

  /// @param canEnd whether the text can end here
  /// @param classCount how many kinds of bytes can follow
  Position(Frame[] frames, boolean canEnd, int classCount) {
    this.frames = frames;
    this.canEnd = canEnd;
    this.next = new Position[classCount];
  }

  Frame[] frames() {
    return frames;
  }

  boolean canEnd() {
    return canEnd;
  }

  /// Whether something can follow.
  boolean canGoOn() {
    return frames.length > 0;
  }

  @Nullable Position next(int byteClass) {
    return next[byteClass];
  }

  /// Forgets the positions behind it.
  void forget() {
    Arrays.fill(next, null);
  }

  void next(int byteClass, Position position) {
    next[byteClass] = position;
  }
}
