// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

/// The order of a block's 32 columns. Pair `p` is columns `first(p)` (low half of a lane) and
/// `first(p) + 2` (high half). It comes from Q4_0's bytes, which hold columns i and i + 16: four of
/// them, read as an int, are eight nibbles, and nibbles j and j + 4 are 16 bits apart.
///
/// Pairs 0 to 7 are columns 0 to 15 and pairs 8 to 15 columns 16 to 31, for Q6_K has a scale for
/// each.
final class Pairs {
  /// Pairs of a block.
  static final int COUNT = 16;

  private Pairs() {}

  /// The first column of pair `p`.
  static int first(int p) {
    return 16 * (p >> 3) + 4 * (p >> 1 & 3) + (p & 1);
  }
}
