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
import dev.alcedo.testkit.BackendContract;

/// Every op laid out as for a GPU, whatever the device is: lanes share outputs and reduce together.
class GpuLayoutTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new GpuLayoutProvider();
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }

  /// `gpu`, except that devices are taken for GPUs.
  private static final class GpuLayoutProvider implements BackendProvider {
    @Override
    public String id() {
      return "gpu-layout";
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
          true,
          Features.NONE,
          new ProgramFiles(options.cacheDirectory()));
    }
  }
}
