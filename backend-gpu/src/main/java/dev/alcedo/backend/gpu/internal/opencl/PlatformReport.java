// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import java.util.List;
import java.util.Optional;

/// One OpenCL platform (a vendor's driver): the devices that could be read, and the problem that
/// ended the reading if one did.
///
/// @param name `CL_PLATFORM_NAME`, or its position where that could not be read
/// @param version `CL_PLATFORM_VERSION`, or empty
/// @param devices in the driver's order
/// @param problem the call that failed with its code
public record PlatformReport(
    String name, String version, List<OpenClDevice> devices, Optional<String> problem) {
  /// Copies the list.
  public PlatformReport {
    devices = List.copyOf(devices);
  }

  /// The devices that are GPUs.
  public List<OpenClDevice> gpus() {
    return devices.stream().filter(OpenClDevice::isGpu).toList();
  }
}
