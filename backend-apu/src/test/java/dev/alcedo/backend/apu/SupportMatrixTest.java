// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.testkit.SupportMatrix;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The golden file of what the backend lowers, on the simulator's MDLA, which refuses none of it: a
/// real driver may. Made anew by `-Dalcedo.golden=write`.
class SupportMatrixTest {
  private static final String RESOURCE = "support-matrix.txt";

  @Test
  void isTheGoldenOne() throws Exception {
    String actual = matrix();
    if ("write".equals(System.getProperty("alcedo.golden"))) {
      Files.createDirectories(Path.of("src/test/resources"));
      Files.writeString(Path.of("src/test/resources/" + RESOURCE), actual);
      return;
    }
    try (InputStream golden = SupportMatrixTest.class.getResourceAsStream("/" + RESOURCE)) {
      assertEquals(
          new String(golden.readAllBytes(), StandardCharsets.UTF_8),
          actual,
          "support matrix; if the change is meant: -Dtest=SupportMatrixTest -Dalcedo.golden=write");
    }
  }

  private static String matrix() {
    var device = SimulatedDevice.of(Simulator.load(), SimulatedDevice.MDLA, Precision.F16);
    var info = new DeviceInfo("0", "simulated", "", 0, List.of());
    try (Backend backend = device.open(info, BackendOptions.DEFAULTS)) {
      return SupportMatrix.of(backend).stream()
          .map(line -> "apu %s\n".formatted(line))
          .collect(Collectors.joining());
    }
  }
}
