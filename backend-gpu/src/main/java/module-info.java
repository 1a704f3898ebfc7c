// SPDX-License-Identifier: Apache-2.0

/// OpenCL devices through JNA.
///
/// @provides dev.alcedo.runtime.api.spi.BackendProvider `gpu`, weight 200
module dev.alcedo.backend.gpu {
  requires com.sun.jna;
  requires dev.alcedo.runtime.api;
  requires org.slf4j;
  requires static org.jspecify;

  provides dev.alcedo.runtime.api.spi.BackendProvider with
      dev.alcedo.backend.gpu.GpuBackendProvider;
}
