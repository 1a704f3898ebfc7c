// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Builds the simulated Neuron Adapter of `src/test/native` with the machine's C compiler.
public final class FakeNeuron {
  private static final Path SOURCE =
      Path.of(System.getProperty("basedir", ""), "src", "test", "native", "fake_neuron.c");

  private FakeNeuron() {}

  /// Skips the calling test, saying why, where there is no gcc.
  public static void assumeCompiler() {
    boolean isThere =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "gcc")));
    assumeTrue(isThere, "skipped: no gcc on PATH to build the simulated Neuron Adapter with");
  }

  /// Builds the library for a scenario, a `FAKE_` macro of the source without that prefix.
  ///
  /// @return `library`
  public static Path build(String scenario, Path library) throws IOException, InterruptedException {
    Path log = library.resolveSibling("gcc.log");
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-std=c11",
                "-D_POSIX_C_SOURCE=200809L",
                "-Wall",
                "-Werror",
                "-shared",
                "-fPIC",
                "-DFAKE_" + scenario,
                "-o",
                library.toString(),
                SOURCE.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status = gcc.waitFor();
    assertEquals(0, status, "gcc failed: " + Files.readString(log));
    return library;
  }
}
