// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.compile.Features;
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

  /// Which optional features kernels use: those of the device unless it is `none` or `emulated`.
  static final String FEATURES = "ALCEDO_OPENCL_FEATURES";

  private OfferedDevices() {}

  /// A device that can be opened.
  ///
  /// @param features which kernels use
  record Offered(DeviceKey key, String platform, OpenClDevice device, Features features) {
    DeviceInfo info() {
      return new DeviceInfo(
          key.id(),
          device.name(),
          "%s, driver %s".formatted(platform, device.driver()),
          device.memoryBytes(),
          facts());
    }

    private List<String> facts() {
      var facts = new ArrayList<String>();
      facts.add(device.version());
      facts.add(device.kind());
      facts.add(device.computeUnitCount() + " compute units");
      facts.addAll(ProbeText.notable(device));
      facts.add("kernels with " + features.describe());
      return facts;
    }
  }

  /// Those of the first library that has any: GPUs first, else in the driver's order.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if [#FEATURES] has a value that does
  ///   not exist
  static List<Offered> of(List<LibraryReport> reports, Map<String, String> environment) {
    String wish = environment.getOrDefault(FEATURES, "").strip();
    boolean isAny = ANY.equals(environment.getOrDefault(VARIABLE, "").strip());
    for (LibraryReport report : reports) {
      List<Offered> offered = new ArrayList<>();
      add(report, true, wish, offered);
      if (isAny) {
        add(report, false, wish, offered);
      }
      if (!offered.isEmpty()) {
        return List.copyOf(offered);
      }
    }
    return List.of();
  }

  private static void add(LibraryReport report, boolean isGpu, String wish, List<Offered> offered) {
    for (int p = 0; p < report.platforms().size(); p++) {
      PlatformReport platform = report.platforms().get(p);
      for (int d = 0; d < platform.devices().size(); d++) {
        OpenClDevice device = platform.devices().get(d);
        if (device.isGpu() == isGpu) {
          offered.add(
              new Offered(
                  new DeviceKey(report.library(), p, d),
                  platform.name(),
                  device,
                  Features.of(device, wish)));
        }
      }
    }
  }
}
