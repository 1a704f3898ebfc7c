// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Builds the simulated OpenCL library of `src/test/native` with the machine's C compiler.
final class FakeOpenCl {
  private static final Path SOURCE =
      Path.of(System.getProperty("basedir", ""), "src", "test", "native", "fake_opencl.c");

  private final Path directory;

  /// Libraries go to `directory`.
  FakeOpenCl(Path directory) {
    this.directory = directory;
  }

  /// Skips the calling test, saying why, where there is no gcc.
  static void assumeCompiler() {
    boolean isThere =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "gcc")));
    assumeTrue(isThere, "skipped: no gcc on PATH to build the simulated OpenCL library with");
  }

  /// The path of the library for a scenario, a `FAKE_` macro of the source without that prefix.
  String library(String scenario) throws IOException, InterruptedException {
    Path library = directory.resolve("libfake_opencl_%s.so".formatted(scenario));
    Path log = directory.resolve("gcc.log");
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-std=c11",
                "-Wall",
                "-Wextra",
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
    assertEquals(0, gcc.waitFor(), () -> "gcc failed, see the log: " + read(log));
    return library.toString();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// What a function of a library without arguments returns, e.g. a count of what was done.
  static int count(String library, String function) {
    return NativeLibrary.getInstance(library).getFunction(function).invokeInt(new Object[0]);
  }

  /// Makes the device of a library fail once it has been waited for so many times; below 0: never.
  static void loseAfter(String library, int finishCount) {
    NativeLibrary.getInstance(library)
        .getFunction("fakeLoseAfter")
        .invokeVoid(new Object[] {finishCount});
  }
}
