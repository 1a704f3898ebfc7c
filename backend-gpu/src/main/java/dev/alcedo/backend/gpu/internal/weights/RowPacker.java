// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.weights;

/// Turns one row of a weight matrix as GGUF has it into quants and scales as kernels read them.
@FunctionalInterface
interface RowPacker {
  /// @param row the row's bytes in the GGUF layout
  /// @param blockCount quant blocks in it, or elements of a plain type
  /// @param quants where its quants go, from `quantsAt` on
  /// @param scales where its scales go, from `scalesAt` on
  void pack(byte[] row, int blockCount, byte[] quants, int quantsAt, byte[] scales, int scalesAt);
}
