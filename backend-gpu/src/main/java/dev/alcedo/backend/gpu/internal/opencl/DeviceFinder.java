// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;

/// Finds a device again that a probe has listed.
final class DeviceFinder {
  private static final int HANDLE_COUNT_MAX = 256;

  private DeviceFinder() {}

  /// A device with its platform. The handles are the library's, whatever class it is bound to.
  record Found(Pointer platform, Pointer device, DeviceFacts facts) {}

  /// The device at `key`.
  ///
  /// @throws BackendException if it is not there any more, or the driver refuses
  static Found find(DeviceKey key) {
    synchronized (OpenCl.class) {
      try {
        OpenCl.bind(NativeLibrary.getInstance(key.library()));
      } catch (LinkageError e) {
        throw new BackendException(
            "OpenCL library %s: %s".formatted(key.library(), LoadErrors.reason(e, key.library())),
            e);
      }
      Pointer platform = handle("clGetPlatformIDs", key.platform(), OpenCl::clGetPlatformIDs);
      Pointer device =
          handle(
              "clGetDeviceIDs",
              key.device(),
              (count, list, found) ->
                  OpenCl.clGetDeviceIDs(platform, OpenCl.CL_DEVICE_TYPE_ALL, count, list, found));
      return new Found(platform, device, facts(platform, device));
    }
  }

  /// A call that lists handles.
  private interface Listing {
    int call(int count, Pointer list, Pointer found);
  }

  private static Pointer handle(String call, int index, Listing listing) {
    if (index < 0 || index >= HANDLE_COUNT_MAX) {
      throw new BackendException("%s: no entry %d".formatted(call, index));
    }
    try (var list = new Memory((long) (index + 1) * Native.POINTER_SIZE);
        var found = new Memory(Integer.BYTES)) {
      list.clear();
      found.clear();
      ClStatus.check(call, listing.call(index + 1, list, found));
      Pointer handle = list.getPointer((long) index * Native.POINTER_SIZE);
      if (found.getInt(0) <= index || handle == null) {
        throw new BackendException(
            "%s: entry %d is not there any more; the driver lists %d"
                .formatted(call, index, found.getInt(0)));
      }
      return handle;
    }
  }

  private static DeviceFacts facts(Pointer platform, Pointer device) {
    InfoReader owner = InfoReader.ofPlatform(platform);
    InfoReader info = InfoReader.ofDevice(device);
    if (info.integer(OpenCl.CL_DEVICE_ENDIAN_LITTLE, "CL_DEVICE_ENDIAN_LITTLE") == 0) {
      throw new BackendException("the device is big-endian, and weights are little-endian");
    }
    String identity =
        String.join(
            "\n",
            owner.text(OpenCl.CL_PLATFORM_NAME, "CL_PLATFORM_NAME"),
            owner.text(OpenCl.CL_PLATFORM_VERSION, "CL_PLATFORM_VERSION"),
            info.text(OpenCl.CL_DEVICE_NAME, "CL_DEVICE_NAME"),
            info.text(OpenCl.CL_DEVICE_VERSION, "CL_DEVICE_VERSION"),
            info.text(OpenCl.CL_DRIVER_VERSION, "CL_DRIVER_VERSION"));
    return new DeviceFacts(
        identity,
        info.integer(OpenCl.CL_DEVICE_MAX_COMPUTE_UNITS, "CL_DEVICE_MAX_COMPUTE_UNITS"),
        info.number(OpenCl.CL_DEVICE_MAX_WORK_GROUP_SIZE, "CL_DEVICE_MAX_WORK_GROUP_SIZE"),
        info.number(OpenCl.CL_DEVICE_LOCAL_MEM_SIZE, "CL_DEVICE_LOCAL_MEM_SIZE"),
        info.number(OpenCl.CL_DEVICE_MAX_MEM_ALLOC_SIZE, "CL_DEVICE_MAX_MEM_ALLOC_SIZE"));
  }
}
