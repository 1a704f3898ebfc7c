// SPDX-License-Identifier: Apache-2.0

/// MediaTek APUs through the Neuron Adapter and JNA.
///
/// @provides dev.alcedo.runtime.api.spi.BackendProvider `apu`, weight 300
module dev.alcedo.backend.apu {
  requires com.sun.jna;
  requires dev.alcedo.runtime.api;
  requires org.slf4j;
  requires static org.jspecify;

  provides dev.alcedo.runtime.api.spi.BackendProvider with
      dev.alcedo.backend.apu.ApuBackendProvider;
}
