// SPDX-License-Identifier: Apache-2.0

/// Every op on the CPU: plain loops that define it, and Vector API kernels.
///
/// @provides dev.alcedo.runtime.api.spi.BackendProvider `cpu` and `cpu-scalar`
module dev.alcedo.backend.cpu {
  requires dev.alcedo.runtime.api;
  requires jdk.incubator.vector;
  requires org.slf4j;
  requires static org.jspecify;

  provides dev.alcedo.runtime.api.spi.BackendProvider with
      dev.alcedo.backend.cpu.CpuBackendProvider,
      dev.alcedo.backend.cpu.ScalarBackendProvider;
}
