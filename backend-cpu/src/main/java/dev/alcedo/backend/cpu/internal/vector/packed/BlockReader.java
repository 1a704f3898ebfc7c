// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

/// Lays out a chunk of one weight row: turns the blocks of a GGUF file into the planes of a
/// [Layout].
///
/// **Nibbles.** Four bytes of Q4_0, read as an int, are plane q as [Nibbles] wants it: low nibbles
/// are columns `4 q` to `4 q + 3`, high ones `16 + 4 q` to `16 + 4 q + 3`.
interface BlockReader {
  /// Reads `blocks` blocks of 32 columns from byte `from` of `file` on.
  ///
  /// @param codes the first int of this row's lane in the chunk's codes
  /// @param scales the same in its scales
  void read(byte[] file, int from, int blocks, Planes codes, Planes scales);
}
