// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

/// How a library is given the memory of networks' inputs and outputs.
public enum MemoryKind {
  /// By its address.
  PLAIN,
  /// By a file descriptor where library and system have that, else by its address.
  FD
}
