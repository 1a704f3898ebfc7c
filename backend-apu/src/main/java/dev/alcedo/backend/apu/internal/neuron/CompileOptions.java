// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

/// What a compilation is told beside the network.
///
/// @param preference 0 low power, 1 fast single answer, 2 sustained speed, 3 turbo boost
/// @param priority 90 low, 100 medium, 110 high
/// @param hints bits: 1 low latency, 2 deep fusion, 4 batch processing
/// @param boost of an execution, 0 to 100 percent
public record CompileOptions(int preference, int priority, int hints, int boost) {
  /// Sustained speed, high priority, nothing else: what Google's LiteRT takes on these devices.
  public static final CompileOptions DEFAULTS = new CompileOptions(2, 110, 0, 100);
}
