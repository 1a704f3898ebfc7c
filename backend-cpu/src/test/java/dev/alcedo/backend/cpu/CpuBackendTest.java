// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.BackendContract;
import java.util.Optional;

/// The vector kernels against the scalar ones; the build runs this at each width.
class CpuBackendTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendProvider referenceProvider() {
    return new ScalarBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return new BackendOptions(2, Optional.empty());
  }
}
