// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.testkit.SupportMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The golden file of what each provider supports: a kernel lost or gained is a visible diff. Made
/// anew by `-Dalcedo.golden=write`.
class SupportMatrixTest {
  private static final String RESOURCE = "support-matrix.txt";

  @Test
  void isTheGoldenOne() throws IOException {
    String actual = String.join("\n", matrix()) + "\n";
    if ("write".equals(System.getProperty("alcedo.golden"))) {
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

  private static List<String> matrix() {
    var lines = new ArrayList<String>();
    for (BackendProvider provider :
        List.of(new CpuBackendProvider(), new ScalarBackendProvider())) {
      var available = (Availability.Available) provider.probe();
      try (Backend backend = provider.open(available.devices().get(0), BackendOptions.DEFAULTS)) {
        SupportMatrix.of(backend).forEach(line -> lines.add(provider.id() + " " + line));
      }
    }
    return lines;
  }
}
