// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// The left operand of linear layers in a form that their kernels read. Prepared once for all
/// layers of the same input and form (q, k and v; gate and up).
public interface Operand {
  /// What becomes of activations. Kernels know which weights want which.
  enum Form {
    /// Floats as they are, packed to tiles where there are many rows.
    PLAIN,
    /// The same, each rounded to BF16 first.
    BF16,
    /// The same, each rounded to the 11 significant bits of an F16 first.
    F16,
    /// Whole numbers of 8 bits with a scale for every block.
    QUANTISED
  }

  /// Takes few rows as it takes many, so that a row's sums come in the same order however many
  /// items run together. Called before [#reserve], for graphs whose items have several rows each.
  default void takeFewAsMany() {}

  /// Makes room for up to `rowsMax` rows of `k` columns. Called for every layer before the first
  /// use.
  void reserve(int rowsMax, int k);

  /// Bytes held.
  long byteSize();

  /// Independent pieces in which `rows` rows of `k` columns are prepared.
  int units(int rows, int k);

  /// Prepares piece `unit` of x `[rows, k]`, which stays as it is until the layers are computed.
  void prepare(float[] x, int rows, int k, int unit, Scratch scratch);
}
