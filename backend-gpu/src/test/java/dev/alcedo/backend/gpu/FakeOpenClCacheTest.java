// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability.Available;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compiled programs that are kept, with a simulated driver that counts what it is given: nothing
/// but what it compiled itself.
class FakeOpenClCacheTest {
  @TempDir static Path directory;

  @TempDir Path kept;

  private final Graph graph = graph();

  private static Graph graph() {
    var g = new GraphBuilder("twice");
    Value x = g.input("x", DType.F32, 1, 3);
    return g.output(g.scale(x, 2)).build();
  }

  @BeforeAll
  static void compiler() {
    FakeOpenCl.assumeCompiler();
  }

  /// Programs built from source and from what was kept by one opening of the device.
  private record Built(int fromSource, int fromBinary) {}

  private Built compile(String library) {
    int source = FakeOpenCl.count(library, "fakeSourceBuilds");
    int binary = FakeOpenCl.count(library, "fakeBinaryBuilds");
    var provider = new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, library), "Linux");
    var available = assertInstanceOf(Available.class, provider.probe());
    var options = new BackendOptions(0, Optional.of(kept));
    try (Backend backend = provider.open(available.devices().getFirst(), options)) {
      backend.compile(graph, 2).close();
    }
    assertEquals(0, FakeOpenCl.count(library, "fakeWrongBinaries"));
    return new Built(
        FakeOpenCl.count(library, "fakeSourceBuilds") - source,
        FakeOpenCl.count(library, "fakeBinaryBuilds") - binary);
  }

  private Path file() throws IOException {
    try (Stream<Path> all = Files.list(kept)) {
      List<Path> files = all.toList();
      assertEquals(1, files.size(), files.toString());
      return files.getFirst();
    }
  }

  @Test
  void programsAreCompiledOnce() throws Exception {
    String library = new FakeOpenCl(directory).library("WORKS");
    assertEquals(new Built(1, 0), compile(library));
    assertEquals(new Built(0, 1), compile(library));
  }

  @Test
  void damagedFileNeverReachesTheDriver() throws Exception {
    String library = new FakeOpenCl(directory).library("WORKS");
    compile(library);
    Path file = file();
    byte[] good = Files.readAllBytes(file);
    for (int at : new int[] {0, 30, 60, 70, good.length - 64, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 4;
      Files.write(file, bad);
      assertEquals(new Built(1, 0), compile(library), "byte " + at);
      assertEquals(new Built(0, 1), compile(library), "after byte " + at);
    }
    Files.write(file, Arrays.copyOf(good, good.length / 2));
    assertEquals(new Built(1, 0), compile(library));
  }

  @Test
  void refusedProgramIsCompiledAnew() throws Exception {
    String library = new FakeOpenCl(directory).library("REFUSED_BINARY");
    assertEquals(new Built(1, 0), compile(library));
    assertEquals(new Built(1, 0), compile(library));
  }

  @Test
  void programThatFailsItsSelfTestIsCompiledAnew() throws Exception {
    String library = new FakeOpenCl(directory).library("WRONG_PROGRAM");
    assertEquals(new Built(1, 0), compile(library));
    assertEquals(new Built(1, 1), compile(library));
  }

  @Test
  void driverThatGivesNoBinariesKeepsNothing() throws Exception {
    String library = new FakeOpenCl(directory).library("NO_BINARY");
    assertEquals(new Built(1, 0), compile(library));
    assertEquals(new Built(1, 0), compile(library));
    assertFalse(Files.list(kept).findAny().isPresent());
  }
}
