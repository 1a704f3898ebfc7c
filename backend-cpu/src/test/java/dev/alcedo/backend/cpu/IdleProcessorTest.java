// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.cpu.internal.compile.CpuBackend;
import dev.alcedo.backend.cpu.internal.scalar.ScalarKernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A processor is idle only if there are more cores than threads that compute.
class IdleProcessorTest {
  @ParameterizedTest
  @CsvSource({"1, 1, false", "2, 1, false", "2, 2, false", "1, 2, true", "3, 8, true"})
  void threadsAreComparedWithCores(int threadCount, int coreCount, boolean isIdle) {
    var device = CpuDevice.describe("test");
    try (var backend = new CpuBackend(device, new ScalarKernels(), threadCount, coreCount)) {
      assertEquals(isIdle, backend.leavesProcessorIdle());
    }
  }
}
