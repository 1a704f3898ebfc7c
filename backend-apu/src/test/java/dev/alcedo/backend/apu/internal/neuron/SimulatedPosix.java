// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The C library of `src/test/native/posix.c`, whose calls can be told to fail and which has a DMA
/// heap.
final class SimulatedPosix {
  private static final Path SOURCE =
      Path.of(System.getProperty("basedir", ""), "src", "test", "native", "posix.c");

  private final NativeLibrary library;

  private SimulatedPosix(NativeLibrary library) {
    this.library = library;
  }

  /// Builds and loads it.
  static SimulatedPosix load(Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve("libposix.so");
    build(file, SOURCE.toAbsolutePath().toString());
    return new SimulatedPosix(NativeLibrary.getInstance(file.toString()));
  }

  /// A C library that has no call at all.
  static Posix empty(Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve("libempty.so");
    Path source = Files.writeString(directory.resolve("empty.c"), "int alcedo_nothing;\n");
    build(file, source.toString(), "-nostdlib");
    return new Posix(NativeLibrary.getInstance(file.toString()));
  }

  private static void build(Path file, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O1", "-Wall"));
    command.addAll(List.of("-Werror", "-shared", "-fPIC", "-Wl,-Bsymbolic"));
    command.addAll(List.of("-o", file.toString()));
    command.addAll(List.of(arguments));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), "gcc");
  }

  Posix calls() {
    return new Posix(library);
  }

  /// Has one call fail from now on, or none if `failing` is empty.
  void reset(String failing, boolean hasHeap) {
    Object[] arguments = {failing, hasHeap ? 1 : 0};
    library.getFunction("posix_reset").invokeVoid(arguments);
  }

  /// Has one call fail from now on, and leaves everything else as it is.
  void fail(String call) {
    library.getFunction("posix_fail").invokeVoid(new Object[] {call});
  }

  /// Descriptors and mappings.
  long live() {
    return library.getFunction("posix_live").invokeLong(new Object[0]);
  }

  /// Times that the kernel was told whose turn it is.
  long syncs() {
    return library.getFunction("posix_syncs").invokeLong(new Object[0]);
  }

  /// Fails if something is open or mapped, or a rule was broken.
  void assertClean() {
    assertEquals(0, live(), "left open");
    assertEquals(0, library.getFunction("posix_violations").invokeLong(new Object[0]), "misused");
  }
}
