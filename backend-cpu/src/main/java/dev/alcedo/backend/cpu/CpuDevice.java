// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;

/// The one device of both providers.
final class CpuDevice {
  private CpuDevice() {}

  /// What Java knows of the processor.
  static DeviceInfo describe(String feature) {
    int processors = Runtime.getRuntime().availableProcessors();
    int cores = PhysicalCores.count();
    return new DeviceInfo(
        "0",
        "%s, %d %s, %d %s"
            .formatted(
                System.getProperty("os.arch"),
                cores,
                cores == 1 ? "core" : "cores",
                processors,
                processors == 1 ? "processor" : "processors"),
        "Java " + Runtime.version(),
        0,
        List.of(feature));
  }

  /// Threads that compute: as asked for, else one for each core.
  static int threadCount(BackendOptions options) {
    return options.threadCount() > 0 ? options.threadCount() : PhysicalCores.count();
  }
}
