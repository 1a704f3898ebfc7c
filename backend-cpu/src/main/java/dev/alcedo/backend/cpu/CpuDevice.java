// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.backend.cpu.internal.compile.CpuBackend;
import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.runtime.api.spi.Backend;
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

  /// With as many threads as asked for, else one for each core.
  static Backend open(DeviceInfo device, Kernels kernels, BackendOptions options) {
    int cores = PhysicalCores.count();
    int threads = options.threadCount() > 0 ? options.threadCount() : cores;
    return new CpuBackend(device, kernels, threads, cores);
  }
}
