// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.BackendContract;
import java.util.Map;

/// Every op on whatever OpenCL device this machine has, PoCL's CPU included, against the scalar
/// kernels.
class PoclBackendTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new GpuBackendProvider(
        Map.of(OfferedDevices.VARIABLE, OfferedDevices.ANY), System.getProperty("os.name"));
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }
}
