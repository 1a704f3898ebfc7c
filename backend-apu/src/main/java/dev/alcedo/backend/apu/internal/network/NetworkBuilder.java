// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Builds a [Network]. Small constants and scalars lie in an arena that the caller closes when the
/// network is compiled. Used by one thread.
public final class NetworkBuilder {
  private final Arena arena;
  private final List<Operand> operands = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Integer> inputs = new ArrayList<>();
  private final List<Integer> outputs = new ArrayList<>();

  /// @param arena owns the memory of constants made here
  public NetworkBuilder(Arena arena) {
    this.arena = arena;
  }

  /// An operand that each run brings.
  public int input(NeuronType type, int... dims) {
    inputs.add(add(type, dims, Quantisation.NONE, Optional.empty()));
    return inputs.getLast();
  }

  /// Marks a computed operand as an output.
  public void output(int operand) {
    outputs.add(operand);
  }

  /// A constant over native memory that stays as it is until the network is compiled.
  public int constant(NeuronType type, MemorySegment memory, int... dims) {
    return constant(type, Quantisation.NONE, memory, dims);
  }

  /// A quantised constant, as [#constant(NeuronType, MemorySegment, int...)].
  public int constant(
      NeuronType type, Quantisation quantisation, MemorySegment memory, int... dims) {
    int index = add(type, dims, quantisation, Optional.of(memory));
    if (memory.byteSize() != operands.get(index).byteSize()) {
      throw new IllegalArgumentException(
          "constant %s: expected %d bytes, got %d"
              .formatted(
                  operands.get(index).dims(), operands.get(index).byteSize(), memory.byteSize()));
    }
    return index;
  }

  /// The arena of small constants.
  public Arena arena() {
    return arena;
  }

  /// A constant vector of integers: a shape, a permutation, axes.
  public int ints(int... values) {
    return constant(NeuronType.NEURON_TENSOR_INT32, intMemory(values), values.length);
  }

  /// Paddings before and after each axis.
  public int paddings(int... values) {
    return constant(NeuronType.NEURON_TENSOR_INT32, intMemory(values), values.length / 2, 2);
  }

  /// An INT32 scalar.
  public int scalar(int value) {
    return constant(NeuronType.NEURON_INT32, intMemory(value));
  }

  /// A BOOL scalar: one byte, 0 or 1.
  public int flag(boolean value) {
    MemorySegment memory = arena.allocate(1);
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) (value ? 1 : 0));
    return constant(NeuronType.NEURON_BOOL, memory);
  }

  /// A FLOAT32 or FLOAT16 scalar.
  public int real(NeuronType type, float value) {
    MemorySegment memory = arena.allocate(type.bytes(), 4);
    if (type == NeuronType.NEURON_FLOAT16) {
      memory.set(ValueLayout.JAVA_SHORT, 0, Float.floatToFloat16(value));
    } else {
      memory.set(ValueLayout.JAVA_FLOAT, 0, value);
    }
    return constant(type, memory);
  }

  /// Adds an operation; gives the operand it computes.
  public int operation(NeuronOperation kind, NeuronType type, int[] dims, int... from) {
    return operation(kind, type, Quantisation.NONE, dims, from);
  }

  /// Adds an operation with a quantised result; gives the operand it computes.
  public int operation(
      NeuronOperation kind, NeuronType type, Quantisation quantisation, int[] dims, int... from) {
    int output = add(type, dims, quantisation, Optional.empty());
    operations.add(new Operation(kind, Arrays.stream(from).boxed().toList(), output));
    return output;
  }

  /// Zeroed memory that lives as long as that of other small constants.
  public MemorySegment allocate(long byteSize) {
    return arena.allocate(byteSize);
  }

  /// The finished network.
  public Network build(String name, boolean isRelaxed) {
    return new Network(name, operands, operations, inputs, outputs, isRelaxed);
  }

  private MemorySegment intMemory(int... values) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, values);
  }

  private int add(
      NeuronType type, int[] dims, Quantisation quantisation, Optional<MemorySegment> constant) {
    operands.add(new Operand(type, Arrays.stream(dims).boxed().toList(), quantisation, constant));
    return operands.size() - 1;
  }
}
