// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.opencl.DeviceKey;
import dev.alcedo.backend.gpu.internal.opencl.OpenClProbe;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.testkit.BackendContract;
import java.util.Map;

/// Every op on whatever OpenCL device this machine has, PoCL's CPU included, against the scalar
/// kernels.
class PoclBackendTest extends BackendContract {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(OfferedDevices.VARIABLE, OfferedDevices.ANY);

  static GpuBackendProvider anyDevice() {
    return new GpuBackendProvider(ENVIRONMENT, System.getProperty("os.name"));
  }

  /// Where a device of [#anyDevice()] is found.
  static DeviceKey key(DeviceInfo device) {
    return OfferedDevices.of(OpenClProbe.run(LibraryNames.of(ENVIRONMENT)), ENVIRONMENT).stream()
        .map(OfferedDevices.Offered::key)
        .filter(key -> key.id().equals(device.id()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  protected BackendProvider provider() {
    return anyDevice();
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }
}
