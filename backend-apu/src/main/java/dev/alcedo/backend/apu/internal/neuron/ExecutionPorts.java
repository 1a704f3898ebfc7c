// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Pointer;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Inputs and outputs of one execution: bound by descriptor to memory that has one which the
/// library takes, else by address.
final class ExecutionPorts {
  static final String INPUT_FROM_MEMORY = "NeuronExecution_setInputFromMemory";
  static final String OUTPUT_FROM_MEMORY = "NeuronExecution_setOutputFromMemory";

  private final Optional<SharedMemory> memory;
  private final String network;
  private final Pointer execution;
  private final Map<Port, SharedBlock> blocks = new HashMap<>();

  /// @param network for messages
  ExecutionPorts(Optional<SharedMemory> memory, String network, Pointer execution) {
    this.memory = memory;
    this.network = network;
    this.execution = execution;
  }

  private record Port(String call, int index) {}

  /// Has input `index` read from `segment`.
  void input(int index, MemorySegment segment) {
    if (!isShared(INPUT_FROM_MEMORY, index, segment)) {
      check(
          "NeuronExecution_setInput",
          NeuronCompute.NeuronExecution_setInput(
              execution, index, Pointer.NULL, new Pointer(segment.address()), segment.byteSize()));
    }
  }

  /// Has output `index` written to `segment`.
  void output(int index, MemorySegment segment) {
    if (!isShared(OUTPUT_FROM_MEMORY, index, segment)) {
      check(
          "NeuronExecution_setOutput",
          NeuronCompute.NeuronExecution_setOutput(
              execution, index, Pointer.NULL, new Pointer(segment.address()), segment.byteSize()));
    }
  }

  private boolean isShared(String call, int index, MemorySegment segment) {
    Optional<SharedBlock> block = memory.flatMap(m -> m.bind(call, execution, index, segment));
    var port = new Port(call, index);
    if (block.isPresent()) {
      blocks.put(port, block.get());
    } else {
      blocks.remove(port);
    }
    return block.isPresent();
  }

  private void check(String call, int code) {
    NeuronStatus.check("%s for network '%s'".formatted(call, network), code);
  }

  /// The device may have the memory.
  void endAccess() {
    blocks.values().forEach(SharedBlock::endAccess);
  }

  /// The CPU has it again.
  void beginAccess() {
    blocks.values().forEach(SharedBlock::beginAccess);
  }
}
