// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

/// An operand of the network being built, with its dimensions.
///
/// @param operand index
/// @param dims outermost first
record Tensor(int operand, int... dims) {
  int rank() {
    return dims.length;
  }

  int cols() {
    return dims[dims.length - 1];
  }

  /// All dimensions but the last, multiplied.
  int rows() {
    int rows = 1;
    for (int i = 0; i < dims.length - 1; i++) {
      rows = Math.multiplyExact(rows, dims[i]);
    }
    return rows;
  }

  /// The dimensions with another last one.
  int[] withCols(int cols) {
    int[] changed = dims.clone();
    changed[changed.length - 1] = cols;
    return changed;
  }
}
