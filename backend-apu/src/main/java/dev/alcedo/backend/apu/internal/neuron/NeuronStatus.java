// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import dev.alcedo.runtime.api.BackendException;

/// The Neuron Adapter's result codes and their names in `NeuronAdapter.h`. They look like NNAPI's
/// and are not: from 6 on the numbers differ. 9 to 15 exist since version 5.0.0.
final class NeuronStatus {
  static final int NEURON_NO_ERROR = 0;

  private NeuronStatus() {}

  /// Does nothing for [#NEURON_NO_ERROR].
  ///
  /// @throws BackendException naming call, code and symbolic name for any other code
  static void check(String call, int code) {
    if (code != NEURON_NO_ERROR) {
      throw new BackendException("%s returned %d (%s)".formatted(call, code, name(code)));
    }
  }

  /// Whether trying again may help.
  static boolean isTransient(int code) {
    return code == 11 || code == 13;
  }

  private static String name(int code) {
    return switch (code) {
      case NEURON_NO_ERROR -> "NEURON_NO_ERROR";
      case 1 -> "NEURON_OUT_OF_MEMORY";
      case 2 -> "NEURON_INCOMPLETE";
      case 3 -> "NEURON_UNEXPECTED_NULL";
      case 4 -> "NEURON_BAD_DATA";
      case 5 -> "NEURON_OP_FAILED";
      case 6 -> "NEURON_UNMAPPABLE";
      case 7 -> "NEURON_BAD_STATE";
      case 8 -> "NEURON_BAD_VERSION";
      case 9 -> "NEURON_OUTPUT_INSUFFICIENT_SIZE";
      case 10 -> "NEURON_UNAVAILABLE_DEVICE";
      case 11 -> "NEURON_MISSED_DEADLINE_TRANSIENT";
      case 12 -> "NEURON_MISSED_DEADLINE_PERSISTENT";
      case 13 -> "NEURON_RESOURCE_EXHAUSTED_TRANSIENT";
      case 14 -> "NEURON_RESOURCE_EXHAUSTED_PERSISTENT";
      case 15 -> "NEURON_DEAD_OBJECT";
      default -> "no name in NeuronAdapter.h";
    };
  }
}
