// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.util.List;

/// A physical unit that a backend can compute on.
///
/// @param id stable within its backend, e.g. `0`
/// @param name as the driver or the operating system gives it
/// @param driver driver and version, or what stands in for one
/// @param memoryBytes what it can address, 0 if unknown
/// @param features what its kernels make use of, e.g. `vectors of 512 bits`, `cl_khr_fp16`
public record DeviceInfo(
    String id, String name, String driver, long memoryBytes, List<String> features) {
  /// Copies the list.
  public DeviceInfo {
    features = List.copyOf(features);
  }
}
