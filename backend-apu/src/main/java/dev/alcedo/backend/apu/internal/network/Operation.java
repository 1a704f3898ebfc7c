// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

import java.util.List;

/// One operation of a network.
///
/// @param inputs indices of operands
/// @param output index of the operand it computes
public record Operation(NeuronOperation kind, List<Integer> inputs, int output) {
  /// Copies the list.
  public Operation {
    inputs = List.copyOf(inputs);
  }
}
