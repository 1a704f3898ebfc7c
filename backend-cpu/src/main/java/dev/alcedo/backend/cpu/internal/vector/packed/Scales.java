// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.foreign.MemorySegment;

/// The scales of a chunk of packed weights, and its minima: a weight is `scale * number + min`.
interface Scales {
  /// Whether there are minima.
  boolean hasMins();

  /// Bytes of a chunk of one group.
  int bytes(int blocks);

  /// Writes scales and minima of a vector of rows as floats.
  ///
  /// @param at where the scales begin in `data`
  /// @param lane the first row within the group
  /// @param y for each block and part a vector of scales, then, if there are any, one of minima,
  ///   from `offset`, `stride` floats apart
  void read(MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride);

  /// `y += scale * sum * x.scales` of the blocks of a chunk, and minimum times what the block's
  /// activations add up to, for one activation row.
  ///
  /// @param at where this vector's lanes of the scales begin in `data`
  /// @param sums from [Codes#dot]
  /// @param so the vector of sums of the first block and part, others `step` further on
  /// @param block the first block of the chunk in x
  void scale(
      MemorySegment data,
      long at,
      int blocks,
      short[] sums,
      int so,
      int step,
      QuantisedRows x,
      int block,
      float[] y,
      int yo);
}
