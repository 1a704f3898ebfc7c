// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.scalar.ScalarKernels;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;

/// `cpu-scalar`: the plain loops that define every op. Slow; used only by name, as the truth that
/// other backends are compared with.
public final class ScalarBackendProvider implements BackendProvider {
  private final Kernels kernels = new ScalarKernels();

  /// Loads nothing.
  public ScalarBackendProvider() {}

  @Override
  public String id() {
    return "cpu-scalar";
  }

  @Override
  public int weight() {
    return 0;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(List.of(CpuDevice.describe(kernels.feature())));
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    return CpuDevice.open(device, kernels, options);
  }
}
