// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.weights;

/// Turns one quant block, or one element of a plain type, into floats.
@FunctionalInterface
interface BlockDecoder {
  /// @param bytes of a row
  /// @param at where the block starts
  /// @param out where its elements go
  /// @param to index of the first
  void decode(byte[] bytes, int at, float[] out, int to);
}
