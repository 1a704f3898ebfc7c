// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import java.nio.ByteBuffer;

/// Turns floats into one quant block. One thread at a time.
@FunctionalInterface
interface BlockEncoder {
  /// Encodes the block that begins at `x[at]`.
  ///
  /// @param x finite numbers
  /// @param out little-endian; the block is put at its position
  void encode(float[] x, int at, ByteBuffer out);
}
