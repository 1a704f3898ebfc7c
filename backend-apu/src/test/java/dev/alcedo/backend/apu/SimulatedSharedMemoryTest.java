// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.run.Tuning;
import dev.alcedo.runtime.api.spi.BackendProvider;
import org.junit.jupiter.api.AfterAll;

/// Every op in F16 with inputs and outputs in memory that the simulator is given by descriptor.
class SimulatedSharedMemoryTest extends SimulatedF16Test {
  @Override
  protected BackendProvider provider() {
    Tuning tuning = Tuning.DEFAULTS.withPrecision(precision()).withMemory(MemoryKind.FD);
    return new SimulatedDevice(simulator, SimulatedDevice.MDLA, tuning);
  }

  @AfterAll
  void memoryWasShared() {
    assertTrue(simulator.memoryBindings() > 1000, "bound: " + simulator.memoryBindings());
  }
}
