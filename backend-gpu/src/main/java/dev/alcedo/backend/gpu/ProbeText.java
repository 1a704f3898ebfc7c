// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.opencl.LibraryReport;
import dev.alcedo.backend.gpu.internal.opencl.OpenClDevice;
import dev.alcedo.backend.gpu.internal.opencl.PlatformReport;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Says in one sentence each what was found and what to do about it.
final class ProbeText {
  private static final String CPU = "the cpu backend runs everything without it";

  /// What a person who knows GPUs wants to see; the full lists have dozens of names.
  private static final Set<String> NOTABLE_EXTENSIONS =
      Set.of(
          "cl_khr_fp16",
          "cl_khr_subgroups",
          "cl_khr_integer_dot_product",
          "cl_arm_integer_dot_product_int8",
          "cl_arm_import_memory",
          "cl_arm_matrix_multiply");

  private ProbeText() {}

  static Unavailable switchedOff() {
    return new Unavailable(
        "OpenCL is switched off by %s=%s".formatted(LibraryNames.VARIABLE, LibraryNames.NONE),
        "unset %s to have it looked for; %s".formatted(LibraryNames.VARIABLE, CPU),
        Optional.empty());
  }

  static Unavailable otherSystem(String osName) {
    return new Unavailable(
        "OpenCL is looked for on Linux and Android only, and this is " + osName,
        "nothing to install; " + CPU,
        Optional.empty());
  }

  static Unavailable withoutJna(Throwable cause) {
    return new Unavailable(
        "OpenCL cannot be looked for, since JNA does not start: " + cause,
        "start java with --enable-native-access=com.sun.jna and, where the home directory cannot be "
            + "written to, -Djna.tmpdir=DIRECTORY; "
            + CPU,
        Optional.of(cause));
  }

  static Unavailable of(List<LibraryReport> reports) {
    return new Unavailable(
        "no OpenCL GPU: " + tried(reports),
        remedy(reports),
        reports.stream().flatMap(report -> report.cause().stream()).findFirst());
  }

  private static String remedy(List<LibraryReport> reports) {
    boolean isAnyFound = reports.stream().anyMatch(LibraryReport::isFound);
    String first =
        isAnyFound
            ? "install the OpenCL driver of the GPU's vendor (`ls /etc/OpenCL/vendors` shows those "
                + "that the loader knows)"
            : "install the OpenCL driver of the GPU's vendor and, on Debian and Ubuntu, "
                + "ocl-icd-libopencl1";
    boolean hasOther = reports.stream().anyMatch(LibraryReport::hasDevice);
    String other =
        hasOther
            ? ", or set %s=%s to compute on what is not a GPU"
                .formatted(OfferedDevices.VARIABLE, OfferedDevices.ANY)
            : "";
    return "%s%s, or name the library in %s; %s"
        .formatted(first, other, LibraryNames.VARIABLE, CPU);
  }

  private static String tried(List<LibraryReport> reports) {
    var parts = new ArrayList<String>();
    for (LibraryReport report : reports) {
      if (report.isFound()) {
        String what = report.problem().orElseGet(() -> "has " + platforms(report));
        parts.add(report.library() + " " + what);
      }
    }
    String missing =
        reports.stream()
            .filter(report -> !report.isFound())
            .map(LibraryReport::library)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      parts.add("not found: " + missing);
    }
    return String.join("; ", parts);
  }

  private static String platforms(LibraryReport report) {
    return report.platforms().stream().map(ProbeText::platform).collect(Collectors.joining("; "));
  }

  private static String platform(PlatformReport platform) {
    var parts = new ArrayList<String>();
    for (OpenClDevice device : platform.devices()) {
      parts.add(device(device));
    }
    if (parts.isEmpty() && platform.problem().isEmpty()) {
      parts.add("no device");
    }
    platform.problem().ifPresent(problem -> parts.add("failed: " + problem));
    return "platform '%s'%s with %s"
        .formatted(
            platform.name(),
            platform.version().isEmpty() ? "" : " (" + platform.version() + ")",
            String.join(", ", parts));
  }

  /// The extensions that kernels use or could.
  static List<String> notable(OpenClDevice device) {
    return device.extensions().stream().filter(NOTABLE_EXTENSIONS::contains).sorted().toList();
  }

  static Unavailable wrongFeatures(String problem) {
    return new Unavailable(
        "%s in %s".formatted(problem, OfferedDevices.FEATURES),
        "unset %s to use what the device has; %s".formatted(OfferedDevices.FEATURES, CPU),
        Optional.empty());
  }

  private static String device(OpenClDevice device) {
    String notable =
        notable(device).stream().map(name -> ", " + name).collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        "%s '%s' (driver %s, %d compute units, %.1f GiB%s)",
        device.kind(),
        device.name(),
        device.driver(),
        device.computeUnitCount(),
        device.memoryBytes() / (double) (1L << 30),
        notable);
  }
}
