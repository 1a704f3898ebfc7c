// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

/// Where a device is found.
///
/// @param library name or path of the OpenCL library
/// @param platform position in the library's list of platforms
/// @param device position in the platform's list of devices of all kinds
public record DeviceKey(String library, int platform, int device) {
  /// The device's id within the backend, e.g. `0.1`: platform and device.
  public String id() {
    return "%d.%d".formatted(platform, device);
  }
}
