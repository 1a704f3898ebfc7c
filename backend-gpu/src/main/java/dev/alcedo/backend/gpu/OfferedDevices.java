// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.opencl.DeviceKey;
import dev.alcedo.backend.gpu.internal.opencl.LibraryReport;
import dev.alcedo.backend.gpu.internal.opencl.OpenClDevice;
import dev.alcedo.backend.gpu.internal.opencl.PlatformReport;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Which of the devices found are offered, in which order.
final class OfferedDevices {
  /// Which kinds of devices are offered: GPUs only unless it is [#ANY].
  static final String VARIABLE = "ALCEDO_OPENCL_DEVICES";

  /// Value of [#VARIABLE] with which devices that are not GPUs are offered, too, behind the GPUs.
  static final String ANY = "any";

  private OfferedDevices() {}

  /// A device that can be opened.
  record Offered(DeviceKey key, String platform, OpenClDevice device) {
    DeviceInfo info() {
      return new DeviceInfo(
          key.id(),
          device.name(),
          "%s, driver %s".formatted(platform, device.driver()),
          device.memoryBytes(),
          List.of(device.version(), device.kind(), device.computeUnitCount() + " compute units"));
    }
  }

  /// Those of the first library that has any: GPUs first, else in the driver's order.
  static List<Offered> of(List<LibraryReport> reports, Map<String, String> environment) {
    boolean isAny = ANY.equals(environment.getOrDefault(VARIABLE, "").strip());
    for (LibraryReport report : reports) {
      List<Offered> offered = new ArrayList<>();
      add(report, true, offered);
      if (isAny) {
        add(report, false, offered);
      }
      if (!offered.isEmpty()) {
        return List.copyOf(offered);
      }
    }
    return List.of();
  }

  private static void add(LibraryReport report, boolean isGpu, List<Offered> offered) {
    for (int p = 0; p < report.platforms().size(); p++) {
      PlatformReport platform = report.platforms().get(p);
      for (int d = 0; d < platform.devices().size(); d++) {
        OpenClDevice device = platform.devices().get(d);
        if (device.isGpu() == isGpu) {
          offered.add(new Offered(new DeviceKey(report.library(), p, d), platform.name(), device));
        }
      }
    }
  }
}
