// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import java.util.List;

/// One OpenCL device as its driver describes it.
///
/// @param name `CL_DEVICE_NAME`
/// @param driver `CL_DRIVER_VERSION`
/// @param version `CL_DEVICE_VERSION`, e.g. `OpenCL 3.0 v1.r46p0`
/// @param type bits of `CL_DEVICE_TYPE`
/// @param computeUnitCount `CL_DEVICE_MAX_COMPUTE_UNITS`
/// @param memoryBytes `CL_DEVICE_GLOBAL_MEM_SIZE`
/// @param language `CL_DEVICE_OPENCL_C_VERSION`, e.g. `OpenCL C 3.0 v1.r46p0`
/// @param isMemoryShared `CL_DEVICE_HOST_UNIFIED_MEMORY`
/// @param extensions names such as `cl_khr_fp16`
public record OpenClDevice(
    String name,
    String driver,
    String version,
    long type,
    int computeUnitCount,
    long memoryBytes,
    String language,
    boolean isMemoryShared,
    List<String> extensions) {
  /// Copies the list.
  public OpenClDevice {
    extensions = List.copyOf(extensions);
  }

  /// Whether the driver calls it a GPU.
  public boolean isGpu() {
    return (type & OpenCl.CL_DEVICE_TYPE_GPU) != 0;
  }

  /// `GPU`, `CPU` or `accelerator`.
  public String kind() {
    if (isGpu()) {
      return "GPU";
    }
    return (type & OpenCl.CL_DEVICE_TYPE_CPU) != 0 ? "CPU" : "accelerator";
  }
}
