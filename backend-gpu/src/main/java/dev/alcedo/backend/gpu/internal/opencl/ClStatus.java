// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import dev.alcedo.runtime.api.BackendException;

/// OpenCL's return codes and their names in `CL/cl.h` (and `CL/cl_ext.h` below -1000).
final class ClStatus {
  static final int CL_SUCCESS = 0;
  static final int CL_DEVICE_NOT_FOUND = -1;
  static final int CL_MEM_OBJECT_ALLOCATION_FAILURE = -4;
  static final int CL_OUT_OF_RESOURCES = -5;
  static final int CL_OUT_OF_HOST_MEMORY = -6;
  static final int CL_INVALID_BUFFER_SIZE = -61;
  static final int CL_PLATFORM_NOT_FOUND_KHR = -1001;

  private ClStatus() {}

  /// Does nothing for [#CL_SUCCESS].
  ///
  /// @param call what was called, e.g. `clGetDeviceInfo(CL_DEVICE_NAME)`
  /// @throws BackendException naming call, code and symbolic name for any other code
  static void check(String call, int code) {
    if (code != CL_SUCCESS) {
      throw new BackendException("%s returned %s".formatted(call, describe(code)));
    }
  }

  /// As [#check(String, int)], with a call whose text is made only for the message.
  ///
  /// @param format of the call, with one `%s` for `argument`
  static void check(String format, String argument, int code) {
    if (code != CL_SUCCESS) {
      check(format.formatted(argument), code);
    }
  }

  /// Whether a code says that there is no memory for a buffer.
  static boolean isMemoryShortage(int code) {
    return code == CL_MEM_OBJECT_ALLOCATION_FAILURE
        || code == CL_OUT_OF_RESOURCES
        || code == CL_OUT_OF_HOST_MEMORY
        || code == CL_INVALID_BUFFER_SIZE;
  }

  /// The code with its name, e.g. `-5 (CL_OUT_OF_RESOURCES)`.
  static String describe(int code) {
    return "%d (%s)".formatted(code, name(code));
  }

  private static String name(int code) {
    return switch (code) {
      case CL_SUCCESS -> "CL_SUCCESS";
      case CL_DEVICE_NOT_FOUND -> "CL_DEVICE_NOT_FOUND";
      case -2 -> "CL_DEVICE_NOT_AVAILABLE";
      case -3 -> "CL_COMPILER_NOT_AVAILABLE";
      case CL_MEM_OBJECT_ALLOCATION_FAILURE -> "CL_MEM_OBJECT_ALLOCATION_FAILURE";
      case CL_OUT_OF_RESOURCES -> "CL_OUT_OF_RESOURCES";
      case CL_OUT_OF_HOST_MEMORY -> "CL_OUT_OF_HOST_MEMORY";
      case -7 -> "CL_PROFILING_INFO_NOT_AVAILABLE";
      case -8 -> "CL_MEM_COPY_OVERLAP";
      case -9 -> "CL_IMAGE_FORMAT_MISMATCH";
      case -10 -> "CL_IMAGE_FORMAT_NOT_SUPPORTED";
      case -11 -> "CL_BUILD_PROGRAM_FAILURE";
      case -12 -> "CL_MAP_FAILURE";
      case -13 -> "CL_MISALIGNED_SUB_BUFFER_OFFSET";
      case -14 -> "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST";
      case -15 -> "CL_COMPILE_PROGRAM_FAILURE";
      case -16 -> "CL_LINKER_NOT_AVAILABLE";
      case -17 -> "CL_LINK_PROGRAM_FAILURE";
      case -18 -> "CL_DEVICE_PARTITION_FAILED";
      case -19 -> "CL_KERNEL_ARG_INFO_NOT_AVAILABLE";
      case -30 -> "CL_INVALID_VALUE";
      case -31 -> "CL_INVALID_DEVICE_TYPE";
      case -32 -> "CL_INVALID_PLATFORM";
      case -33 -> "CL_INVALID_DEVICE";
      case -34 -> "CL_INVALID_CONTEXT";
      case -35 -> "CL_INVALID_QUEUE_PROPERTIES";
      case -36 -> "CL_INVALID_COMMAND_QUEUE";
      case -37 -> "CL_INVALID_HOST_PTR";
      case -38 -> "CL_INVALID_MEM_OBJECT";
      case -39 -> "CL_INVALID_IMAGE_FORMAT_DESCRIPTOR";
      case -40 -> "CL_INVALID_IMAGE_SIZE";
      case -41 -> "CL_INVALID_SAMPLER";
      case -42 -> "CL_INVALID_BINARY";
      case -43 -> "CL_INVALID_BUILD_OPTIONS";
      case -44 -> "CL_INVALID_PROGRAM";
      case -45 -> "CL_INVALID_PROGRAM_EXECUTABLE";
      case -46 -> "CL_INVALID_KERNEL_NAME";
      case -47 -> "CL_INVALID_KERNEL_DEFINITION";
      case -48 -> "CL_INVALID_KERNEL";
      case -49 -> "CL_INVALID_ARG_INDEX";
      case -50 -> "CL_INVALID_ARG_VALUE";
      case -51 -> "CL_INVALID_ARG_SIZE";
      case -52 -> "CL_INVALID_KERNEL_ARGS";
      case -53 -> "CL_INVALID_WORK_DIMENSION";
      case -54 -> "CL_INVALID_WORK_GROUP_SIZE";
      case -55 -> "CL_INVALID_WORK_ITEM_SIZE";
      case -56 -> "CL_INVALID_GLOBAL_OFFSET";
      case -57 -> "CL_INVALID_EVENT_WAIT_LIST";
      case -58 -> "CL_INVALID_EVENT";
      case -59 -> "CL_INVALID_OPERATION";
      case -60 -> "CL_INVALID_GL_OBJECT";
      case CL_INVALID_BUFFER_SIZE -> "CL_INVALID_BUFFER_SIZE";
      case -62 -> "CL_INVALID_MIP_LEVEL";
      case -63 -> "CL_INVALID_GLOBAL_WORK_SIZE";
      case -64 -> "CL_INVALID_PROPERTY";
      case -65 -> "CL_INVALID_IMAGE_DESCRIPTOR";
      case -66 -> "CL_INVALID_COMPILER_OPTIONS";
      case -67 -> "CL_INVALID_LINKER_OPTIONS";
      case -68 -> "CL_INVALID_DEVICE_PARTITION_COUNT";
      case CL_PLATFORM_NOT_FOUND_KHR -> "CL_PLATFORM_NOT_FOUND_KHR";
      default -> "no name in OpenCL 1.2";
    };
  }
}
