// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.testkit.SupportMatrix;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The golden file of what the backend supports: a kernel lost or gained is a visible diff. Made
/// anew by `-Dalcedo.golden=write`.
class SupportMatrixTest {
  private static final String RESOURCE = "support-matrix.txt";

  @Test
  void isTheGoldenOne() throws Exception {
    GpuBackendProvider provider = PoclBackendTest.anyDevice();
    String actual =
        switch (provider.probe()) {
          case Availability.Available(var devices) -> {
            try (Backend backend = provider.open(devices.getFirst(), BackendOptions.DEFAULTS)) {
              yield SupportMatrix.of(backend).stream()
                  .map(line -> "gpu %s\n".formatted(line))
                  .collect(Collectors.joining());
            }
          }
          case Availability.Unavailable(String reason, _, _) ->
              Assumptions.abort("skipped: no OpenCL device: " + reason);
        };
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
}
