// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.BackendContract;

/// Every op laid out as for a GPU, whatever the device is, with every optional feature off: lanes
/// share outputs and reduce together, keys are divided among groups, OpenCL 1.2 is enough.
class GpuLayoutTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new TestDevice(true, Features.NONE);
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }
}
