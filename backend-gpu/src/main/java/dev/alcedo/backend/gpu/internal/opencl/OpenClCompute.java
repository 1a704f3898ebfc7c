// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The OpenCL 1.2 calls that computing needs, named and ordered as in `CL/cl.h`; types as in
/// [OpenCl]. Bound by [ComputeLibrary], which sees to it that one library is bound while anything
/// made by it is in use.
final class OpenClCompute {
  static final int CL_CONTEXT_PLATFORM = 0x1084;

  static final int CL_PROGRAM_BUILD_LOG = 0x1183;
  static final int CL_PROGRAM_BINARY_SIZES = 0x1165;
  static final int CL_PROGRAM_BINARIES = 0x1166;

  static final long CL_MEM_READ_WRITE = 1;
  static final long CL_MEM_READ_ONLY = 1 << 2;
  static final long CL_MEM_USE_HOST_PTR = 1 << 3;
  static final long CL_MEM_ALLOC_HOST_PTR = 1 << 4;

  static final long CL_MAP_READ = 1;
  static final long CL_MAP_WRITE_INVALIDATE_REGION = 1 << 2;

  private static final List<String> SYMBOLS =
      List.of(
          "clCreateContext",
          "clReleaseContext",
          "clCreateCommandQueue",
          "clReleaseCommandQueue",
          "clCreateBuffer",
          "clReleaseMemObject",
          "clCreateProgramWithSource",
          "clCreateProgramWithBinary",
          "clReleaseProgram",
          "clBuildProgram",
          "clGetProgramInfo",
          "clGetProgramBuildInfo",
          "clCreateKernel",
          "clReleaseKernel",
          "clSetKernelArg",
          "clFinish",
          "clEnqueueReadBuffer",
          "clEnqueueWriteBuffer",
          "clEnqueueWriteBufferRect",
          "clEnqueueMapBuffer",
          "clEnqueueUnmapMemObject",
          "clEnqueueNDRangeKernel");

  private OpenClCompute() {}

  /// Binds this class to a library, in place of the one before.
  ///
  /// @throws UnsatisfiedLinkError if the library lacks a symbol; the message names all it lacks
  static void bind(NativeLibrary library) {
    Symbols.require(library, SYMBOLS);
    Native.register(OpenClCompute.class, library);
  }

  static native Pointer clCreateContext(
      Pointer properties,
      int num_devices,
      Pointer devices,
      @Nullable Pointer pfn_notify,
      @Nullable Pointer user_data,
      Pointer errcode_ret);

  static native int clReleaseContext(Pointer context);

  static native Pointer clCreateCommandQueue(
      Pointer context, Pointer device, long properties, Pointer errcode_ret);

  static native int clReleaseCommandQueue(Pointer command_queue);

  static native Pointer clCreateBuffer(
      Pointer context, long flags, long size, @Nullable Pointer host_ptr, Pointer errcode_ret);

  static native int clReleaseMemObject(Pointer memobj);

  static native Pointer clCreateProgramWithSource(
      Pointer context, int count, Pointer strings, Pointer lengths, Pointer errcode_ret);

  static native Pointer clCreateProgramWithBinary(
      Pointer context,
      int num_devices,
      Pointer device_list,
      Pointer lengths,
      Pointer binaries,
      Pointer binary_status,
      Pointer errcode_ret);

  static native int clReleaseProgram(Pointer program);

  static native int clBuildProgram(
      Pointer program,
      int num_devices,
      Pointer device_list,
      String options,
      @Nullable Pointer pfn_notify,
      @Nullable Pointer user_data);

  static native int clGetProgramInfo(
      Pointer program,
      int param_name,
      long param_value_size,
      @Nullable Pointer param_value,
      @Nullable Pointer param_value_size_ret);

  static native int clGetProgramBuildInfo(
      Pointer program,
      Pointer device,
      int param_name,
      long param_value_size,
      @Nullable Pointer param_value,
      @Nullable Pointer param_value_size_ret);

  static native Pointer clCreateKernel(Pointer program, String kernel_name, Pointer errcode_ret);

  static native int clReleaseKernel(Pointer kernel);

  static native int clSetKernelArg(
      Pointer kernel, int arg_index, long arg_size, @Nullable Pointer arg_value);

  static native int clFinish(Pointer command_queue);

  static native int clEnqueueReadBuffer(
      Pointer command_queue,
      Pointer buffer,
      int blocking_read,
      long offset,
      long size,
      Pointer ptr,
      int num_events_in_wait_list,
      @Nullable Pointer event_wait_list,
      @Nullable Pointer event);

  static native int clEnqueueWriteBuffer(
      Pointer command_queue,
      Pointer buffer,
      int blocking_write,
      long offset,
      long size,
      Pointer ptr,
      int num_events_in_wait_list,
      @Nullable Pointer event_wait_list,
      @Nullable Pointer event);

  static native int clEnqueueWriteBufferRect(
      Pointer command_queue,
      Pointer buffer,
      int blocking_write,
      long[] buffer_origin,
      long[] host_origin,
      long[] region,
      long buffer_row_pitch,
      long buffer_slice_pitch,
      long host_row_pitch,
      long host_slice_pitch,
      Pointer ptr,
      int num_events_in_wait_list,
      @Nullable Pointer event_wait_list,
      @Nullable Pointer event);

  static native Pointer clEnqueueMapBuffer(
      Pointer command_queue,
      Pointer buffer,
      int blocking_map,
      long map_flags,
      long offset,
      long size,
      int num_events_in_wait_list,
      @Nullable Pointer event_wait_list,
      @Nullable Pointer event,
      Pointer errcode_ret);

  static native int clEnqueueUnmapMemObject(
      Pointer command_queue,
      Pointer memobj,
      Pointer mapped_ptr,
      int num_events_in_wait_list,
      @Nullable Pointer event_wait_list,
      @Nullable Pointer event);

  static native int clEnqueueNDRangeKernel(
      Pointer command_queue,
      Pointer kernel,
      int work_dim,
      @Nullable Pointer global_work_offset,
      long[] global_work_size,
      long[] local_work_size,
      int num_events_in_wait_list,
      @Nullable Pointer event_wait_list,
      @Nullable Pointer event);
}
