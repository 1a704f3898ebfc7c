// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The OpenCL calls that listing devices needs, named and ordered as in `CL/cl.h`; all exist since
/// OpenCL 1.0. `cl_int` and `cl_uint` are `int`, `size_t` and `cl_bitfield` are `long` (64-bit
/// platforms only), handles and out-parameters are [Pointer].
///
/// Direct mapping: a call costs about 0.25 µs where an interface mapping costs 1.5 µs. The price is
/// that the binding belongs to the class, so one library is bound at a time, and whoever binds it
/// holds this class's lock until done. A symbol that only some libraries export needs a class of
/// its own: one missing symbol fails the registration of the whole class.
final class OpenCl {
  static final long CL_DEVICE_TYPE_CPU = 1 << 1;
  static final long CL_DEVICE_TYPE_GPU = 1 << 2;
  static final long CL_DEVICE_TYPE_ALL = 0xFFFFFFFFL;

  static final int CL_PLATFORM_VERSION = 0x0901;
  static final int CL_PLATFORM_NAME = 0x0902;

  static final int CL_DEVICE_TYPE = 0x1000;
  static final int CL_DEVICE_MAX_COMPUTE_UNITS = 0x1002;
  static final int CL_DEVICE_MAX_WORK_GROUP_SIZE = 0x1004;
  static final int CL_DEVICE_MAX_MEM_ALLOC_SIZE = 0x1010;
  static final int CL_DEVICE_GLOBAL_MEM_SIZE = 0x101F;
  static final int CL_DEVICE_LOCAL_MEM_SIZE = 0x1023;
  static final int CL_DEVICE_ENDIAN_LITTLE = 0x1026;
  static final int CL_DEVICE_NAME = 0x102B;
  static final int CL_DRIVER_VERSION = 0x102D;
  static final int CL_DEVICE_VERSION = 0x102F;
  static final int CL_DEVICE_EXTENSIONS = 0x1030;
  static final int CL_DEVICE_HOST_UNIFIED_MEMORY = 0x1035;
  static final int CL_DEVICE_OPENCL_C_VERSION = 0x103D;

  private static final List<String> SYMBOLS =
      List.of("clGetPlatformIDs", "clGetPlatformInfo", "clGetDeviceIDs", "clGetDeviceInfo");

  private OpenCl() {}

  /// Binds this class to a library, in place of the one before.
  ///
  /// @throws UnsatisfiedLinkError if the library lacks a symbol; the message names all it lacks
  static void bind(NativeLibrary library) {
    Symbols.require(library, SYMBOLS);
    Native.register(OpenCl.class, library);
  }

  static native int clGetPlatformIDs(
      int num_entries, @Nullable Pointer platforms, @Nullable Pointer num_platforms);

  static native int clGetPlatformInfo(
      Pointer platform,
      int param_name,
      long param_value_size,
      @Nullable Pointer param_value,
      @Nullable Pointer param_value_size_ret);

  static native int clGetDeviceIDs(
      Pointer platform,
      long device_type,
      int num_entries,
      @Nullable Pointer devices,
      @Nullable Pointer num_devices);

  static native int clGetDeviceInfo(
      Pointer device,
      int param_name,
      long param_value_size,
      @Nullable Pointer param_value,
      @Nullable Pointer param_value_size_ret);
}
