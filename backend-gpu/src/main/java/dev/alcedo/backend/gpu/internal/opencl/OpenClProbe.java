// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks OpenCL libraries which platforms and devices they have.
///
/// In this process, although a driver can crash or hang it: computing will call the same driver
/// from here a moment later, no listing call is known to abort (the crashes on record are in
/// program binaries), and a child would double the time until the first question. Where a driver
/// does it all the same, `ALCEDO_OPENCL_LIBRARY=none` keeps Alcedo away from it. `docs/adr/0005`
/// compares this with the APU, whose vendor library is known to abort.
public final class OpenClProbe {
  /// Far above any real machine; a driver that says more is broken.
  private static final int HANDLE_COUNT_MAX = 256;

  private OpenClProbe() {}

  /// Starts JNA, which unpacks and loads its native part once per process.
  ///
  /// @return what went wrong: native access that is denied, no place to unpack to, a JVM that is
  ///   not a 64-bit one; empty if JNA works
  public static Optional<Throwable> startJna() {
    try {
      return Native.POINTER_SIZE == Long.BYTES
          ? Optional.empty()
          : Optional.of(new UnsatisfiedLinkError("this JVM is not a 64-bit one"));
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Error e) {
      // Error and not LinkageError: JNA answers a mismatched native part with a plain Error.
      return Optional.of(e.getCause() == null ? e : e.getCause());
    }
  }

  /// Tries the libraries in order until one has a GPU. An ICD loader without a driver and a driver
  /// beside it is a common sight on boards, so a library without a GPU does not end the search.
  /// Wants [#startJna()] to have succeeded.
  ///
  /// @param libraries names that the dynamic linker searches for, or absolute paths
  /// @return a report for each library tried
  public static List<LibraryReport> run(List<String> libraries) {
    var reports = new ArrayList<LibraryReport>();
    synchronized (OpenCl.class) {
      for (String library : libraries) {
        LibraryReport report = probe(library);
        reports.add(report);
        if (report.hasGpu()) {
          break;
        }
      }
    }
    return reports;
  }

  private static LibraryReport probe(String library) {
    Path path = Path.of(library);
    if (path.isAbsolute() && !Files.exists(path)) {
      return LibraryReport.notFound(library);
    }
    try {
      OpenCl.bind(NativeLibrary.getInstance(library));
      return platforms(library);
    } catch (UnsatisfiedLinkError e) {
      return LoadErrors.isNotFound(e, library)
          ? LibraryReport.notFound(library)
          : LibraryReport.unusable(library, e);
    } catch (LinkageError | BackendException e) {
      return LibraryReport.unusable(library, e);
    }
  }

  private static LibraryReport platforms(String library) {
    int count;
    try (var out = new Memory(Integer.BYTES)) {
      out.clear();
      int status = OpenCl.clGetPlatformIDs(0, null, out);
      // The ICD loader's way to say that no driver is installed: an answer, not a failure.
      if (status == ClStatus.CL_PLATFORM_NOT_FOUND_KHR) {
        return LibraryReport.withoutPlatform(
            library, "finds no driver (clGetPlatformIDs: " + ClStatus.describe(status) + ")");
      }
      ClStatus.check("clGetPlatformIDs", status);
      count = checkedCount("clGetPlatformIDs", out.getInt(0));
    }
    if (count == 0) {
      return LibraryReport.withoutPlatform(library, "lists no platform");
    }
    var reports = new ArrayList<PlatformReport>();
    try (var handles = new Memory((long) count * Native.POINTER_SIZE)) {
      handles.clear();
      ClStatus.check("clGetPlatformIDs", OpenCl.clGetPlatformIDs(count, handles, null));
      for (int i = 0; i < count; i++) {
        Pointer platform = handle("clGetPlatformIDs", handles, i);
        reports.add(platform(platform, i));
      }
    }
    return LibraryReport.of(library, reports);
  }

  /// One broken driver must not hide the others: what fails here becomes this platform's problem.
  private static PlatformReport platform(Pointer platform, int position) {
    String name = "platform " + position;
    String version = "";
    var devices = new ArrayList<OpenClDevice>();
    try {
      InfoReader info = InfoReader.ofPlatform(platform);
      name = info.text(OpenCl.CL_PLATFORM_NAME, "CL_PLATFORM_NAME");
      version = info.text(OpenCl.CL_PLATFORM_VERSION, "CL_PLATFORM_VERSION");
      readDevices(platform, devices);
      return new PlatformReport(name, version, devices, Optional.empty());
    } catch (BackendException e) {
      return new PlatformReport(name, version, devices, Optional.of(e.getMessage()));
    }
  }

  private static void readDevices(Pointer platform, List<OpenClDevice> devices) {
    int count;
    try (var out = new Memory(Integer.BYTES)) {
      out.clear();
      int status = OpenCl.clGetDeviceIDs(platform, OpenCl.CL_DEVICE_TYPE_ALL, 0, null, out);
      if (status == ClStatus.CL_DEVICE_NOT_FOUND) {
        return;
      }
      ClStatus.check("clGetDeviceIDs", status);
      count = checkedCount("clGetDeviceIDs", out.getInt(0));
    }
    if (count == 0) {
      return;
    }
    try (var handles = new Memory((long) count * Native.POINTER_SIZE)) {
      handles.clear();
      ClStatus.check(
          "clGetDeviceIDs",
          OpenCl.clGetDeviceIDs(platform, OpenCl.CL_DEVICE_TYPE_ALL, count, handles, null));
      for (int i = 0; i < count; i++) {
        devices.add(device(handle("clGetDeviceIDs", handles, i)));
      }
    }
  }

  private static OpenClDevice device(Pointer device) {
    InfoReader info = InfoReader.ofDevice(device);
    return new OpenClDevice(
        info.text(OpenCl.CL_DEVICE_NAME, "CL_DEVICE_NAME"),
        info.text(OpenCl.CL_DRIVER_VERSION, "CL_DRIVER_VERSION"),
        info.text(OpenCl.CL_DEVICE_VERSION, "CL_DEVICE_VERSION"),
        info.number(OpenCl.CL_DEVICE_TYPE, "CL_DEVICE_TYPE"),
        info.integer(OpenCl.CL_DEVICE_MAX_COMPUTE_UNITS, "CL_DEVICE_MAX_COMPUTE_UNITS"),
        info.number(OpenCl.CL_DEVICE_GLOBAL_MEM_SIZE, "CL_DEVICE_GLOBAL_MEM_SIZE"),
        info.text(OpenCl.CL_DEVICE_OPENCL_C_VERSION, "CL_DEVICE_OPENCL_C_VERSION"),
        info.integer(OpenCl.CL_DEVICE_HOST_UNIFIED_MEMORY, "CL_DEVICE_HOST_UNIFIED_MEMORY") != 0,
        List.of(info.text(OpenCl.CL_DEVICE_EXTENSIONS, "CL_DEVICE_EXTENSIONS").split(" ")));
  }

  private static int checkedCount(String call, int count) {
    if (count < 0 || count > HANDLE_COUNT_MAX) {
      throw new BackendException(
          "%s: expected a count of 0 to %d, got %s"
              .formatted(call, HANDLE_COUNT_MAX, Integer.toUnsignedString(count)));
    }
    return count;
  }

  private static Pointer handle(String call, Memory handles, int index) {
    Pointer handle = handles.getPointer((long) index * Native.POINTER_SIZE);
    if (handle == null) {
      throw new BackendException("%s: handle %d is null".formatted(call, index));
    }
    return handle;
  }
}
