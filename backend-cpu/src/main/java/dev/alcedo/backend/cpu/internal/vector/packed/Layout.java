// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

/// How packed weights lie in memory. Rows come in groups of [#ROWS], columns in blocks of [#BLOCK]
/// and blocks in chunks of up to [#CHUNK_BLOCKS]. A chunk of a group is its blocks' codes, then
/// their scales; chunks follow each other along the columns, groups along the rows. A product of
/// one activation row reads all of it in ascending order, once. Whoever leaves out the scales, to
/// read them later, loses the processor's prefetching: a core of a Zen 4 then read 7 GB/s instead
/// of 18.
///
/// Everything is an int per row, 32 of them side by side, so that a lane is a row at every vector
/// width.
///
/// @param codes the numbers
/// @param scales what they are multiplied by, and what is added
record Layout(Codes codes, Scales scales) {
  /// Weight rows of a group.
  static final int ROWS = 32;

  /// Columns of a block: activations have one scale per row and block.
  static final int BLOCK = 32;

  /// Blocks of a chunk, as many as a super-block of the K-quants has.
  static final int CHUNK_BLOCKS = 8;

  /// Columns of a chunk.
  static final int CHUNK = CHUNK_BLOCKS * BLOCK;

  /// Bytes of one int per row.
  static final int PLANE = 4 * ROWS;

  /// Bytes of a chunk of one group.
  int chunkBytes(int blocks) {
    return blocks * codes.blockBytes() + scales.bytes(blocks);
  }

  /// Bytes of a group of `k` columns.
  long groupBytes(int k) {
    int last = k % CHUNK / BLOCK;
    return (long) (k / CHUNK) * chunkBytes(CHUNK_BLOCKS) + (last > 0 ? chunkBytes(last) : 0);
  }

  /// Groups of `n` rows; what is missing from the last is zero.
  static int groupCount(int n) {
    return Math.ceilDiv(n, ROWS);
  }
}
