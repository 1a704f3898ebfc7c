// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

/// What a driver says of a device that computing depends on.
///
/// @param identity platform, device and driver with their versions: what compiled programs are for
/// @param computeUnitCount `CL_DEVICE_MAX_COMPUTE_UNITS`
/// @param workGroupSizeMax `CL_DEVICE_MAX_WORK_GROUP_SIZE`
/// @param localMemoryBytes `CL_DEVICE_LOCAL_MEM_SIZE`
/// @param bufferBytesMax `CL_DEVICE_MAX_MEM_ALLOC_SIZE`
public record DeviceFacts(
    String identity,
    int computeUnitCount,
    long workGroupSizeMax,
    long localMemoryBytes,
    long bufferBytesMax) {}
