// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One open device: a context and an in-order queue on it. What is made here is closed before it.
/// Any thread, except that transfers and kernels of one computation are queued by one.
public final class ClDevice implements AutoCloseable {
  private final DeviceKey key;
  private final Pointer device;
  private final Pointer context;
  private final Pointer queue;
  private final DeviceFacts facts;
  private boolean isClosed;

  private ClDevice(
      DeviceKey key, Pointer device, Pointer context, Pointer queue, DeviceFacts facts) {
    this.key = key;
    this.device = device;
    this.context = context;
    this.queue = queue;
    this.facts = facts;
  }

  /// Opens the device.
  ///
  /// @throws BackendException if library, platform or device are not there, or the driver refuses
  public static ClDevice open(DeviceKey key) {
    ComputeLibrary.hold(key.library());
    try {
      DeviceFinder.Found found = DeviceFinder.find(key);
      Pointer device = found.device();
      Pointer context = context(found.platform(), device);
      try {
        Pointer queue =
            ClHandles.create(
                "clCreateCommandQueue",
                errcode -> OpenClCompute.clCreateCommandQueue(context, device, 0, errcode));
        return new ClDevice(key, device, context, queue, found.facts());
      } catch (RuntimeException e) {
        OpenClCompute.clReleaseContext(context);
        throw e;
      }
    } catch (RuntimeException | Error e) {
      ComputeLibrary.release();
      throw e;
    }
  }

  /// Where the device was found.
  public DeviceKey key() {
    return key;
  }

  /// What the driver says of it.
  public DeviceFacts facts() {
    return facts;
  }

  /// Memory of `byteSize` bytes with undefined content.
  ///
  /// @param what for messages, e.g. `weights 'blk.0.ffn_up.weight'`
  /// @throws ResourceExhaustedException if the device has not that much
  public ClBuffer allocate(long byteSize, String what) {
    return create(OpenClCompute.CL_MEM_READ_WRITE, byteSize, null, what);
  }

  /// The same, where the host can [map][ClBuffer#fill] it without a copy if memory is shared.
  ///
  /// @throws ResourceExhaustedException if the device has not that much
  public ClBuffer allocateShared(long byteSize, String what) {
    long flags = OpenClCompute.CL_MEM_READ_WRITE | OpenClCompute.CL_MEM_ALLOC_HOST_PTR;
    return create(flags, byteSize, null, what);
  }

  /// The host's memory as it is, only read by kernels; a driver may copy it all the same.
  ///
  /// @param memory native; the caller keeps it until the buffer is closed
  /// @throws BackendException if the driver refuses
  public ClBuffer wrap(MemorySegment memory, String what) {
    long flags = OpenClCompute.CL_MEM_READ_ONLY | OpenClCompute.CL_MEM_USE_HOST_PTR;
    return create(flags, memory.byteSize(), new Pointer(memory.address()), what);
  }

  private ClBuffer create(long flags, long byteSize, @Nullable Pointer memory, String what) {
    if (byteSize > facts.bufferBytesMax()) {
      throw new ResourceExhaustedException(
          "device memory for %s: the driver allows buffers of at most %d bytes, needed %d; use the cpu backend for it"
              .formatted(what, facts.bufferBytesMax(), byteSize));
    }
    try (var errcode = new Memory(Integer.BYTES)) {
      errcode.setInt(0, ClStatus.CL_SUCCESS);
      // A buffer has at least one byte.
      Pointer handle =
          OpenClCompute.clCreateBuffer(context, flags, Math.max(byteSize, 1), memory, errcode);
      int status = errcode.getInt(0);
      if (ClStatus.isMemoryShortage(status)) {
        throw ResourceExhaustedException.ofMemory(
            "device memory for %s: needed %d bytes, clCreateBuffer returned %s; use smaller weights, a shorter context or the cpu backend"
                .formatted(what, byteSize, ClStatus.describe(status)),
            null);
      }
      ClStatus.check("clCreateBuffer", status);
      if (handle == null) {
        throw new BackendException("clCreateBuffer returned no handle and no error");
      }
      return new ClBuffer(queue, handle, what, byteSize);
    }
  }

  /// Compiles `source`.
  ///
  /// @param name for messages
  /// @throws BackendException with the compiler's log if it does not compile
  public ClProgram build(String name, String source, String options) {
    byte[] text = source.getBytes(StandardCharsets.US_ASCII);
    try (var memory = new Memory(text.length);
        var strings = ClHandles.listOf(memory);
        var lengths = new Memory(Long.BYTES)) {
      memory.write(0, text, 0, text.length);
      lengths.setLong(0, text.length);
      Pointer program =
          ClHandles.create(
              "clCreateProgramWithSource",
              errcode ->
                  OpenClCompute.clCreateProgramWithSource(context, 1, strings, lengths, errcode));
      return built(name, program, options);
    }
  }

  /// Loads what [ClProgram#binary()] gave. Drivers are known to crash on bytes that are not exactly
  /// those: check them first.
  ///
  /// @throws BackendException if the driver refuses it, as it does after its own update
  public ClProgram load(String name, byte[] binary, String options) {
    try (var memory = new Memory(binary.length);
        var binaries = ClHandles.listOf(memory);
        var devices = ClHandles.listOf(device);
        var lengths = new Memory(Long.BYTES);
        var status = new Memory(Integer.BYTES)) {
      memory.write(0, binary, 0, binary.length);
      lengths.setLong(0, binary.length);
      status.clear();
      Pointer program =
          ClHandles.create(
              "clCreateProgramWithBinary",
              errcode ->
                  OpenClCompute.clCreateProgramWithBinary(
                      context, 1, devices, lengths, binaries, status, errcode));
      return built(name, program, options);
    }
  }

  private ClProgram built(String name, Pointer program, String options) {
    try (var devices = ClHandles.listOf(device)) {
      int status = OpenClCompute.clBuildProgram(program, 1, devices, options, null, null);
      if (status != ClStatus.CL_SUCCESS) {
        throw new BackendException(
            "clBuildProgram(%s, options '%s') returned %s; the compiler says: %s"
                .formatted(name, options, ClStatus.describe(status), log(program)));
      }
      return new ClProgram(queue, program, name);
    } catch (RuntimeException e) {
      OpenClCompute.clReleaseProgram(program);
      throw e;
    }
  }

  private String log(Pointer program) {
    try {
      String text =
          InfoReader.of(
                  "clGetProgramBuildInfo",
                  (parameter, size, value, needed) ->
                      OpenClCompute.clGetProgramBuildInfo(
                          program, device, parameter, size, value, needed))
              .text(OpenClCompute.CL_PROGRAM_BUILD_LOG, "CL_PROGRAM_BUILD_LOG");
      return text.isEmpty() ? "nothing" : text;
    } catch (BackendException e) {
      return "nothing, for " + e.getMessage();
    }
  }

  /// Waits until everything queued is done.
  ///
  /// @throws BackendException if the device failed meanwhile
  public void finish() {
    ClStatus.check("clFinish", OpenClCompute.clFinish(queue));
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      OpenClCompute.clFinish(queue);
      OpenClCompute.clReleaseCommandQueue(queue);
      OpenClCompute.clReleaseContext(context);
      ComputeLibrary.release();
    }
  }

  private static Pointer context(Pointer platform, Pointer device) {
    try (var properties = new Memory(3L * Long.BYTES);
        var devices = ClHandles.listOf(device)) {
      properties.setLong(0, OpenClCompute.CL_CONTEXT_PLATFORM);
      properties.setPointer(Long.BYTES, platform);
      properties.setLong(2L * Long.BYTES, 0);
      return ClHandles.create(
          "clCreateContext",
          errcode -> OpenClCompute.clCreateContext(properties, 1, devices, null, null, errcode));
    }
  }
}
