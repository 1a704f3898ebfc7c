// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

/// How an optional feature of a device is used.
public enum Use {
  /// Not at all.
  OFF,
  /// As the device has it.
  ON,
  /// By plain OpenCL 1.2 in its place: the same numbers, slower; for tests of what depends on it.
  EMULATED
}
