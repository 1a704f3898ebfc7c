// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

/// What a device allows.
///
/// @param workGroupSizeMax `CL_DEVICE_MAX_WORK_GROUP_SIZE`
/// @param localMemoryBytes `CL_DEVICE_LOCAL_MEM_SIZE`
/// @param bufferBytesMax `CL_DEVICE_MAX_MEM_ALLOC_SIZE`
public record DeviceLimits(long workGroupSizeMax, long localMemoryBytes, long bufferBytesMax) {}
