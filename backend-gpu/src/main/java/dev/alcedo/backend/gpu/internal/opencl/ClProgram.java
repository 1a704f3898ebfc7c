// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;

/// A program built for one device. Whoever asked for it closes it.
public final class ClProgram implements AutoCloseable {
  private static final long BINARY_BYTES_MAX = 1L << 28;

  private final Pointer queue;
  private final Pointer handle;
  private final String name;
  private boolean isClosed;

  ClProgram(Pointer queue, Pointer handle, String name) {
    this.queue = queue;
    this.handle = handle;
    this.name = name;
  }

  /// The function `kernelName`, without arguments yet.
  ///
  /// @throws BackendException if there is none
  public ClKernel kernel(String kernelName) {
    if (isClosed) {
      throw new IllegalStateException("program '%s' is closed".formatted(name));
    }
    Pointer kernel =
        ClHandles.create(
            "clCreateKernel(%s)".formatted(kernelName),
            errcode -> OpenClCompute.clCreateKernel(handle, kernelName, errcode));
    return new ClKernel(queue, kernel, kernelName);
  }

  /// What the driver compiled, to build from next time.
  ///
  /// @throws BackendException if the driver refuses or names an absurd size
  public byte[] binary() {
    long size;
    try (var sizes = new Memory(Long.BYTES)) {
      sizes.clear();
      ClStatus.check(
          "clGetProgramInfo(CL_PROGRAM_BINARY_SIZES)",
          OpenClCompute.clGetProgramInfo(
              handle, OpenClCompute.CL_PROGRAM_BINARY_SIZES, Long.BYTES, sizes, null));
      size = sizes.getLong(0);
    }
    if (size <= 0 || size > BINARY_BYTES_MAX) {
      throw new BackendException(
          "clGetProgramInfo(CL_PROGRAM_BINARY_SIZES): expected 1 to %d bytes, got %s"
              .formatted(BINARY_BYTES_MAX, Long.toUnsignedString(size)));
    }
    // The value is a list of pointers that the caller provides, one for each device.
    try (var binary = new Memory(size);
        var list = ClHandles.listOf(binary)) {
      ClStatus.check(
          "clGetProgramInfo(CL_PROGRAM_BINARIES)",
          OpenClCompute.clGetProgramInfo(
              handle, OpenClCompute.CL_PROGRAM_BINARIES, Native.POINTER_SIZE, list, null));
      return binary.getByteArray(0, (int) size);
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      OpenClCompute.clReleaseProgram(handle);
    }
  }
}
