// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.probe.ApuNames;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Device;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which of the devices found are offered: those of the first acceptable library that are APUs, or
/// whose name has the part asked for.
final class OfferedDevices {
  private OfferedDevices() {}

  /// A device that can be opened.
  ///
  /// @param library absolute path
  /// @param index in the library's list
  record Offered(Path library, int index, DeviceInfo info) {}

  static List<Offered> of(Map<Path, ProbeOutcome> tried, Optional<String> asked) {
    List<Offered> offered = new ArrayList<>();
    tried.forEach((library, outcome) -> {
      if (outcome instanceof ProbeOutcome.Answered answered && answered.version().isAccepted()) {
        for (int i = 0; i < answered.devices().size(); i++) {
          Device device = answered.devices().get(i);
          if (asked.map(device.name()::contains).orElse(ApuNames.isApu(device.name()))) {
            offered.add(new Offered(library, i, info(library, i, device, answered)));
          }
        }
      }
    });
    return List.copyOf(offered);
  }

  private static DeviceInfo info(
      Path library, int index, Device device, ProbeOutcome.Answered answered) {
    return new DeviceInfo(
        Integer.toString(index),
        device.name(),
        "Neuron Adapter %s, %s".formatted(answered.version(), library),
        0,
        device.description().isEmpty() ? List.of() : List.of(device.description()));
  }
}
