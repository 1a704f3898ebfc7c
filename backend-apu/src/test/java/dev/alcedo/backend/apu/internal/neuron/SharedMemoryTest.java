// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.Simulator;
import dev.alcedo.backend.apu.Simulator.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where memory comes from, and what happens where there is none: a small network is computed in
/// any case, and nothing stays open.
class SharedMemoryTest {
  @TempDir static Path directory;

  private static SimulatedPosix posix;

  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void build() throws Exception {
    Simulator.assumeCompiler();
    if (posix == null) {
      posix = SimulatedPosix.load(directory);
    }
    posix.reset("", false);
  }

  @AfterEach
  void nothingStaysOpen() {
    if (posix != null) {
      posix.assertClean();
    }
  }

  @Test
  void aHeapIsBetterThanAFile() {
    posix.reset("", true);
    assertEquals("memory of /dev/dma_heap/system", compute(Simulator.load(), posix.calls()));
    // Two ports, each given and taken back; every third call is interrupted and done again.
    assertEquals(5, posix.syncs());
    assertEquals(List.of(), warnings);
  }

  @Test
  void aFileIsBetterThanNothing() {
    assertEquals("memory of memfd_create", compute(Simulator.load(), posix.calls()));
    assertEquals(0, posix.syncs());
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource({"open", "ioctl"})
  void aHeapThatGivesNothingIsPassedOver(String call) {
    posix.reset(call, true);
    assertEquals("memory of memfd_create", compute(Simulator.load(), posix.calls()));
  }

  @ParameterizedTest
  @CsvSource({"memfd_create", "ftruncate", "mmap"})
  void whatFailsIsTheReason(String call) {
    posix.reset(call, false);
    String heap = "open failed with errno 2 (No such file or directory)";
    String expected =
        "/dev/dma_heap/mtk_mm: %s; /dev/dma_heap/system: %s; memfd_create: %s failed with errno 1 (Operation not permitted)"
            .formatted(heap, heap, call);
    assertEquals("plain memory: " + expected, compute(Simulator.load(), posix.calls()));
    assertEquals(List.of(expected), warnings);
  }

  @Test
  void anOldCLibraryIsAReason() throws Exception {
    String described = compute(Simulator.load(), SimulatedPosix.empty(directory));
    assertTrue(described.endsWith("memfd_create: the C library has no memfd_create"), described);
  }

  @Test
  void aLibraryMayTakeNoDescriptor() {
    Simulator simulator = Simulator.load();
    simulator.refuseMemory();
    posix.reset("", true);
    String described = compute(simulator, posix.calls());
    String refusal = "NeuronMemory_createFromFd returned 6 (NEURON_UNMAPPABLE)";
    assertTrue(described.contains("/dev/dma_heap/system: " + refusal), described);
    assertTrue(described.endsWith("memfd_create: " + refusal), described);
    assertEquals(0, simulator.memoryBindings());
  }

  @Test
  void aLibraryMayRefuseThePort() {
    String call = "NeuronExecution_setInputFromMemory";
    Simulator simulator =
        Simulator.load(
            "-DSIM_FAULT_KIND=" + Fault.FAIL.ordinal(),
            "-DSIM_FAULT_FUNCTION=\"%s\"".formatted(call));
    String refusal = call + " returned 5 (NEURON_OP_FAILED)";
    assertEquals("plain memory: " + refusal, compute(simulator, posix.calls()));
    assertEquals(List.of(refusal), warnings);
    assertTrue(simulator.wasHit());
    assertEquals(0, simulator.memoryBindings());
  }

  @Test
  void descriptorsMayRunOut() {
    Simulator simulator = Simulator.load();
    try (NeuronLibrary library = NeuronLibrary.open(simulator.library())) {
      library.shareMemory(posix.calls(), warnings::add);
      try (Arena arena = library.arena()) {
        MemorySegment first = arena.allocate(100, 64);
        posix.fail("memfd_create");
        MemorySegment second = arena.allocate(100, 64);
        second.copyFrom(first);
        posix.fail("");
        arena.allocate(100, 64);
        assertEquals(2, posix.live()); // the first's descriptor and mapping
      }
    }
    assertEquals(
        List.of("memfd_create: memfd_create failed with errno 1 (Operation not permitted)"),
        warnings);
  }

  @Test
  void segmentsAreAlignedZeroedAndOnesOwn() {
    Simulator simulator = Simulator.load();
    try (NeuronLibrary library = NeuronLibrary.open(simulator.library())) {
      library.shareMemory(posix.calls(), warnings::add);
      Arena arena = library.arena();
      MemorySegment a = arena.allocate(5000, 64);
      MemorySegment b = arena.allocate(5000, 64);
      assertEquals(0, a.address() % 4096);
      assertEquals(5000, a.byteSize());
      a.fill((byte) 1);
      for (long i = 0; i < b.byteSize(); i++) {
        assertEquals(0, b.get(ValueLayout.JAVA_BYTE, i));
      }
      assertEquals(0, arena.allocate(8192, 8192).address() % 8192);
      assertTrue(arena.scope().isAlive());
      arena.close();
      assertFalse(arena.scope().isAlive());
      assertThrows(IllegalStateException.class, () -> arena.allocate(1, 1));
      assertThrows(IllegalStateException.class, arena::close);
    }
  }

  /// Computes a network, and says in which memory.
  private String compute(Simulator simulator, Posix calls) {
    try (NeuronLibrary library = NeuronLibrary.open(simulator.library())) {
      library.shareMemory(calls, warnings::add);
      Trial.run(library, library.device(0));
      simulator.assertNoViolation();
      assertEquals(0, simulator.liveHandles());
      return library.sharedMemory().orElseThrow().describe();
    }
  }
}
