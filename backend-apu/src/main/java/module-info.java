// SPDX-License-Identifier: Apache-2.0

/// MediaTek APUs through the Neuron Adapter and JNA.
module dev.alcedo.backend.apu {
  requires com.sun.jna;
  requires dev.alcedo.runtime.api;
  requires org.slf4j;
  requires static org.jspecify;
}
