// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.run.ApuBackend;
import dev.alcedo.backend.apu.internal.run.CircuitBreaker;
import dev.alcedo.backend.apu.internal.run.Tuning;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;

/// A device of the simulator as a provider, without the child that a real library is probed by.
///
/// @param index 0 for the MDLA, 1 for the CPU
record SimulatedDevice(Simulator simulator, int index, Tuning tuning) implements BackendProvider {
  static final int MDLA = 0;
  static final int CPU = 1;

  static SimulatedDevice of(Simulator simulator, int index, Precision precision) {
    return new SimulatedDevice(simulator, index, Tuning.DEFAULTS.withPrecision(precision));
  }

  @Override
  public String id() {
    return "apu-simulated";
  }

  @Override
  public Availability probe() {
    return new Availability.Available(
        List.of(new DeviceInfo("0", "simulated", "simulator", 0, List.of())));
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    return new ApuBackend(device, simulator.library(), index, tuning, new CircuitBreaker());
  }
}
