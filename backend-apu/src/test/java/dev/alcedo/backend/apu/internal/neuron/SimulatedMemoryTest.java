// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.backend.apu.Simulator;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// That the simulator notices what a caller may not do with memory, so that other tests can rely on
/// its silence.
class SimulatedMemoryTest {
  private static final String CREATE = "NeuronMemory_createFromFd";
  private static final String FREE = "NeuronMemory_free";
  private static final int BYTES = 256; // of the trial network's ports

  private final Posix posix = Posix.ofProcess();
  private Simulator simulator;
  private NeuronLibrary library;
  private SharedMemory memory;
  private SharedBlock block;

  @BeforeEach
  void open() {
    simulator = Simulator.load();
    library = NeuronLibrary.open(simulator.library());
    library.shareMemory(posix, _ -> {});
    memory = library.sharedMemory().orElseThrow();
    block = memory.allocate(BYTES).orElseThrow();
  }

  @AfterEach
  void close() {
    if (library != null) { // there is a compiler
      library.close();
      assertEquals(0, simulator.liveHandles());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          257 | 3 | 0    | nothing, or more than the file has
          256 | 3 | 1    | nothing, or more than the file has
          1   | 3 | 4096 | nothing, or more than the file has
          0   | 3 | 0    | nothing, or more than the file has
          256 | 8 | 0    | no such protection
          """)
  void memoryIsWhatTheFileHas(long size, int protection, long offset, String expected) {
    assertThrows(BackendException.class, () -> create(size, protection, offset));
    assertBroken("NeuronMemory_createFromFd: " + expected);
    memory.free(block);
  }

  @Test
  void aDescriptorIsOpen() {
    block.close();
    assertThrows(BackendException.class, () -> create(BYTES, 3, 0));
    assertBroken("NeuronMemory_createFromFd: no such descriptor");
  }

  @Test
  void anOutputCanBeWrittenTo() {
    block.setHandle(create(BYTES, Posix.PROT_READ, 0));
    withNetwork((network, y) -> {
      network.input(0, block.segment());
      simulator.assertNoViolation();
      network.output(0, block.segment());
      assertBroken("NeuronExecution_setOutputFromMemory: the memory's protection forbids it");
    });
    memory.free(block);
  }

  @Test
  void aPortIsWithinItsMemory() {
    block.setHandle(create(BYTES - 2, 3, 0));
    withNetwork((network, y) -> {
      network.input(0, block.segment());
      assertBroken("NeuronExecution_setInputFromMemory: more than the memory has");
    });
    memory.free(block);
  }

  @Test
  void memoryOutlivesTheExecution() {
    withNetwork((network, y) -> {
      network.input(0, block.segment());
      network.output(0, y);
      memory.free(block);
      assertThrows(BackendException.class, network::compute);
      assertBroken("NeuronMemory_free: an execution still uses it");
    });
  }

  @Test
  void theDescriptorOutlivesTheRun() {
    withNetwork((network, y) -> {
      network.input(0, block.segment());
      network.output(0, y);
      block.close();
      assertThrows(BackendException.class, network::compute);
      assertBroken(NeuronLibrary.START + ": the memory's descriptor is closed");
    });
    library.optional().run(FREE, block.handle());
  }

  @Test
  void freedMemoryIsNotWrittenTo() {
    Pointer handle = create(BYTES, 3, 0);
    library.optional().run(FREE, handle);
    simulator.assertNoViolation();
    handle = create(BYTES, 3, 0);
    library.optional().run(FREE, handle);
    block.segment().set(ValueLayout.JAVA_BYTE, 17, (byte) 1);
    assertBroken("a freed memory was written to");
    memory.free(block);
  }

  private Pointer create(long size, int protection, long offset) {
    var out = new PointerByReference();
    Object[] arguments = {size, protection, block.descriptor(), offset, out};
    NeuronStatus.check(CREATE, library.optional().call(CREATE, arguments));
    return out.getValue();
  }

  /// Has `test` try a network and memory for its output.
  private void withNetwork(BiConsumer<CompiledNetwork, MemorySegment> test) {
    try (Arena arena = Arena.ofShared();
        CompiledNetwork network =
            CompiledNetwork.compile(
                library, library.device(0), Trial.network(arena), CompileOptions.DEFAULTS)) {
      network.prepare(CompileOptions.DEFAULTS.boost());
      test.accept(network, arena.allocate(BYTES, 64));
    }
  }

  private void assertBroken(String expected) {
    assertEquals(expected, simulator.violation());
  }
}
