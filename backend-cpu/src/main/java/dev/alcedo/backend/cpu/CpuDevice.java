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
    return new DeviceInfo(
        "0",
        "%s, %d processors".formatted(System.getProperty("os.arch"), processors),
        "Java " + Runtime.version(),
        0,
        List.of(feature));
  }

  /// Threads that compute: as asked for, else one for each processor.
  static int threadCount(BackendOptions options) {
    return options.threadCount() > 0
        ? options.threadCount()
        : Runtime.getRuntime().availableProcessors();
  }
}
