// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Kernels as a device with all extensions gets them go through clang, which knows the extensions'
/// functions: no driver at hand has them. That they compute the right thing is for the emulated
/// ones to show, see [EmulatedFeaturesTest].
class ExtensionSyntaxTest {
  private static final List<String> EXTENSIONS = List.of("arm_dot", "subgroups", "fp16");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rows, ''",
    "quantize, -DNORM",
    "weights_q4_0 activations mat_mul, -DSIDE=16 -DHALVES",
    "weights_q6_k activations mat_mul, -DSIDE=8 -DHALVES",
    "weights_q4_0 activations gates lanes product_row, -DLANES=16 -DCOUNT=2 -DGATE=silu_of -DINT8",
    "weights_q8_0 activations gates lanes product_row, -DLANES=32 -DCOUNT=1 -DINT8",
    "weights_q4_k activations gates lanes product_row, -DLANES=8 -DCOUNT=3 -DNORM",
    "weights_f16 activations lanes mat_vec, -DLANES=64 -DROWS=4 -DROUNDED_BITS=13",
    "kv_q8_0 attention, -DROWS=4 -DHEAD_LENGTH=64 -DALIGNED",
    "kv_f32 attention, -DROWS=1 -DHEAD_LENGTH=80 -DALIGNED -DSPLIT",
    "kv_f16 attention, -DROWS=4 -DHEAD_LENGTH=63"
  })
  void compiles(String sources, String options) throws Exception {
    Optional<Path> clang = clang();
    assumeTrue(clang.isPresent(), "skipped: no clang of Debian's on PATH");
    var text = new StringBuilder();
    EXTENSIONS.forEach(name -> text.append(source("has_" + name)));
    text.append(source("common"));
    Arrays.stream(sources.split(" ")).forEach(name -> text.append(source(name)));
    Path file = Files.writeString(folder.resolve("kernels.cl"), text);
    var command =
        new ArrayList<>(
            List.of(
                clang.get().toString(),
                "-cl-std=CL3.0",
                "-Xclang",
                "-finclude-default-header",
                "-target",
                "spir64-unknown-unknown", // has all extensions
                "-fsyntax-only",
                "-Wall",
                "-Werror",
                "-Wno-unused-function",
                "-DGROUP=64",
                "-DSELF_TEST=5u"));
    Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).forEach(command::add);
    command.add(file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> "clang says:\n" + log);
  }

  /// PoCL depends on one, by a name with its version.
  private static Optional<Path> clang() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(place ->
            Stream.of("clang", "clang-19", "clang-16", "clang-15", "clang-14")
                .map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String source(String name) {
    String resource = "/dev/alcedo/backend/gpu/kernels/%s.cl".formatted(name);
    try (InputStream in = GpuBackendProvider.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
