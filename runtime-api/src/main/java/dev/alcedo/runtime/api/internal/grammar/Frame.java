// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import org.jspecify.annotations.Nullable;

/// A state of a network and, below it, the states to go on with when its rule and those that called
/// it end. Immutable; equal by content.
final class Frame {
  private final int state;
  private final @Nullable Frame below;
  private final int depth;
  private final int hash;

  Frame(int state, @Nullable Frame below) {
    this.state = state;
    this.below = below;
    this.depth = below == null ? 1 : below.depth + 1;
    this.hash = (below == null ? 1 : below.hash) * 0x01000193 ^ state * 0x9E3779B1;
  }

  int state() {
    return state;
  }

  @Nullable Frame below() {
    return below;
  }

  /// Calls inside of each other, this one included.
  int depth() {
    return depth;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Frame frame)) {
      return false;
    }
    Frame a = this;
    Frame b = frame;
    while (a != b) {
      if (a == null || b == null || a.hash != b.hash || a.state != b.state) {
        return false;
      }
      a = a.below;
      b = b.below;
    }
    return true;
  }
}
