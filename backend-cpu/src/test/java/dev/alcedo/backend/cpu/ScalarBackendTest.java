// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.BackendContract;
import java.util.Optional;

/// The scalar kernels on three threads against themselves on one: that work is cut right, memory is
/// kept apart and the life cycle holds. That they are right is checked in `internal.scalar`.
class ScalarBackendTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new ScalarBackendProvider();
  }

  @Override
  protected BackendProvider referenceProvider() {
    return new ScalarBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return new BackendOptions(3, Optional.empty());
  }
}
