// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.backend.cpu.internal.vector.VectorKernels;
import dev.alcedo.backend.cpu.internal.vector.width.VectorWidth;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;
import java.util.Optional;

/// `cpu`: Vector API kernels for every op.
public final class CpuBackendProvider implements BackendProvider {
  /// Loads nothing.
  public CpuBackendProvider() {}

  @Override
  public String id() {
    return "cpu";
  }

  @Override
  public int weight() {
    return 100;
  }

  @Override
  public Availability probe() {
    try {
      VectorWidth.bits();
      return new Availability.Available(List.of(CpuDevice.describe(new VectorKernels().feature())));
    } catch (IllegalArgumentException e) {
      return new Availability.Unavailable(e.getMessage(), "leave the property out", Optional.of(e));
    } catch (LinkageError e) {
      return new Availability.Unavailable(
          "module jdk.incubator.vector is not there",
          "run Alcedo on the module path, or add --add-modules jdk.incubator.vector",
          Optional.of(e));
    }
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    return CpuDevice.open(device, new VectorKernels(), options);
  }
}
