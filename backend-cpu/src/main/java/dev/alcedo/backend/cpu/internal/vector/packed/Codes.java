// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.foreign.MemorySegment;

/// The integers of packed weights. Both products and panels take the columns of a block in pairs,
/// in the order of [Pairs]: the two halves of an int lane, 16 bits each.
///
/// **Exactness.** A half sums up at most 16 products of a code less [#bias()] with an 8-bit
/// activation: 16 * 16 * 127 and 8 * 32 * 127 are both 32512, below 2^15.
interface Codes {
  /// Bytes of one block of a group.
  int blockBytes();

  /// What a stored code is more than the number it stands for.
  int bias();

  /// Scales per block: 2 if each half of the columns has its own.
  int parts();

  /// Sums of products of one activation row with two vectors of weight rows, which share the
  /// broadcasts. ///
  ///
  /// @param at where the lanes of the first vector begin in `data`
  /// @param next how many bytes after them those of the second do
  /// @param block the first block of the chunk in x
  /// @param sums two vectors of shorts, two shorts per row, for each block and part
  void dot(MemorySegment data, long at, long next, int blocks, SplitRow x, int block, short[] sums);

  /// Writes the numbers of a vector of weight rows as pairs of shorts.
  ///
  /// @param at where the blocks begin in `data`
  /// @param lane the first row within the group
  /// @param panel a vector of shorts for each block and pair, `stride` shorts apart
  void unpack(
      MemorySegment data, long at, int blocks, int lane, short[] panel, int offset, int stride);
}
