// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The simulated Neuron Adapter of `src/test/native`, built with the machine's C compiler, and its
/// controls. Nothing here is MediaTek's.
public final class Simulator {
  /// Exports what we cannot do without, and nothing else.
  public static final String REQUIRED_ONLY = "-DSIM_REQUIRED_ONLY";

  /// Exports everything but what takes memory by descriptor.
  public static final String WITHOUT_MEMORY = "-DSIM_WITHOUT_MEMORY";

  /// Kinds of faults, in the simulator's order.
  public enum Fault {
    NONE,
    FAIL,
    HANG,
    ABORT,
    CORRUPT,
    TRANSIENT
  }

  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", ""), "src", "test", "native").toAbsolutePath();
  private static final Map<String, Path> BUILT = new HashMap<>();

  private final Path library;
  private final NativeLibrary controls;

  private Simulator(Path library) {
    this.library = library;
    this.controls = NativeLibrary.getInstance(library.toString());
  }

  /// Skips the calling test, saying why, where there is no gcc.
  public static void assumeCompiler() {
    boolean isThere =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "gcc")));
    assumeTrue(isThere, "skipped: no gcc on PATH to build the simulated Neuron Adapter with");
  }

  /// The simulator as all tests of a run share it, loaded into this process and reset.
  ///
  /// @param options of gcc
  public static synchronized Simulator load(String... options) {
    assumeCompiler();
    var simulator =
        new Simulator(BUILT.computeIfAbsent(String.join(" ", options), _ -> buildForAll(options)));
    simulator.reset();
    return simulator;
  }

  private static Path buildForAll(String... options) {
    try {
      Path directory = Files.createTempDirectory("alcedo-simulator");
      directory.toFile().deleteOnExit();
      Path library = build(directory.resolve("libneuron_adapter.so"), options);
      library.toFile().deleteOnExit();
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Builds a library.
  ///
  /// @return `library`
  public static Path build(Path library, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(SOURCES.resolve("build-simulator").toString());
    command.add(library.toString());
    command.addAll(List.of(options));
    Path log = library.resolveSibling("gcc.log");
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertEquals(0, status, "gcc failed: " + Files.readString(log));
    Files.delete(log);
    return library;
  }

  /// Where the library is.
  public Path library() {
    return library;
  }

  /// No faults, everything supported, nothing counted but handles.
  public void reset() {
    call("sim_reset");
    version(8, 2, 24);
  }

  /// Has the call with number `number` from now on go wrong.
  public void fault(Fault kind, long number) {
    controls.getFunction("sim_set_fault").invokeVoid(new Object[] {kind.ordinal(), number});
  }

  /// Sets the version that the library says it has.
  public void version(int major, int minor, int patch) {
    controls.getFunction("sim_set_version").invokeVoid(new Object[] {major, minor, patch});
  }

  /// Whether the library has MediaTek's operations by name.
  public void extension(boolean isThere) {
    controls.getFunction("sim_set_extension").invokeVoid(new Object[] {isThere ? 1 : 0});
  }

  /// Has devices refuse an operation.
  public void refuse(int operation) {
    controls.getFunction("sim_set_unsupported").invokeVoid(new Object[] {operation, 1});
  }

  /// Has the library take no descriptors.
  public void refuseMemory() {
    controls.getFunction("sim_set_memory_refused").invokeVoid(new Object[] {1});
  }

  /// Ports that were bound to memory by descriptor.
  public long memoryBindings() {
    return count("sim_memory_bindings");
  }

  /// Lets a hanging call go on.
  public void endHang() {
    call("sim_end_hang");
  }

  /// Calls since faults were set.
  public long calls() {
    return count("sim_calls");
  }

  /// Whether the fault was reached.
  public boolean wasHit() {
    return count("sim_fault_hits") > 0;
  }

  /// Where.
  public String faultFunction() {
    return text("sim_fault_function");
  }

  /// Models, compilations, executions, events and memories that exist.
  public long liveHandles() {
    return count("sim_live_handles");
  }

  /// Fails if the caller broke a rule of the adapter.
  public void assertNoViolation() {
    assertEquals("", violation());
  }

  /// The first rule that the caller broke, or empty.
  public String violation() {
    return count("sim_violations") == 0 ? "" : text("sim_first_violation");
  }

  /// Fails if this process still has a descriptor or mapping of shared memory.
  public void assertNothingShared() throws IOException {
    assertNoViolation(); // for which the simulator gives up what it still watches over
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      assertEquals(0, maps.filter(Simulator::isShared).count(), "mappings left");
    }
    var descriptors = new ArrayList<String>();
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        if (Files.isSymbolicLink(link)) { // the listing's own descriptor is gone
          descriptors.add(Files.readSymbolicLink(link).toString());
        }
      }
    }
    assertEquals(0, descriptors.stream().filter(Simulator::isShared).count(), "descriptors left");
  }

  private static boolean isShared(String line) {
    return line.contains("memfd:alcedo-apu");
  }

  private void call(String name) {
    controls.getFunction(name).invokeVoid(new Object[0]);
  }

  private long count(String name) {
    return controls.getFunction(name).invokeLong(new Object[0]);
  }

  private String text(String name) {
    return controls.getFunction(name).invokeString(new Object[0], false);
  }
}
