// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Builds simulated Neuron Adapters whose version and devices misbehave.
public final class FakeNeuron {
  private static final Path BUILD =
      Path.of(System.getProperty("basedir", ""), "src", "test", "native", "build-simulator");

  private FakeNeuron() {}

  /// Builds the library for a scenario, a `FAKE_` macro of `fake_device.c` without that prefix.
  ///
  /// @return `library`
  public static Path build(String scenario, Path library) throws IOException, InterruptedException {
    Path log = library.resolveSibling("gcc.log");
    var builder =
        new ProcessBuilder(
            BUILD.toAbsolutePath().toString(), library.toString(), "-O0", "-DFAKE_" + scenario);
    builder.environment().put("DEVICE_SOURCE", "fake_device.c");
    int status = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
    assertEquals(0, status, "gcc failed: " + Files.readString(log));
    return library;
  }
}
