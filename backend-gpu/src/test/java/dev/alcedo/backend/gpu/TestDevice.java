// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.cache.ProgramFiles;
import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.backend.gpu.internal.compile.GpuBackend;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;

/// Any OpenCL device of this machine, laid out as a test wants it.
///
/// @param isGpu whether kernels are laid out as for a GPU, whatever the device is
/// @param features which optional features are used
record TestDevice(boolean isGpu, Features features) implements BackendProvider {
  @Override
  public String id() {
    return "gpu-test";
  }

  @Override
  public Availability probe() {
    return PoclBackendTest.anyDevice().probe();
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    return new GpuBackend(
        device,
        ClDevice.open(PoclBackendTest.key(device)),
        isGpu,
        features,
        new ProgramFiles(options.cacheDirectory()));
  }
}
