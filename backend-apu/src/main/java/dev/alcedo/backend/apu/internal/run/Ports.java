// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Brings inputs to the buffers and outputs back, rounding and widening on the way.
final class Ports {
  private final Graph graph;
  private final Buffers buffers;

  Ports(Graph graph, Buffers buffers) {
    this.graph = graph;
    this.buffers = buffers;
  }

  /// Copies the F32 inputs; I32 ones are read where they are needed.
  void read(Bindings bindings) {
    for (Value input : graph.inputs()) {
      if (input.dtype() == DType.F32) {
        copy(bindings.view(input).data(), false, buffers.value(input), isHalf(), input, bindings);
      }
    }
  }

  /// Copies the outputs.
  ///
  /// @throws BackendException if one has elements that are no numbers
  void write(Bindings bindings) {
    for (Value output : graph.outputs()) {
      MemorySegment to = bindings.view(output).data();
      copy(buffers.value(output), isHalf(), to, false, output, bindings);
      if (Elements.hasNan(to, count(output, bindings))) {
        throw noNumbers(output);
      }
    }
  }

  /// Looks at a value between networks.
  ///
  /// @throws BackendException if it has elements that are no numbers
  void requireNumbers(Value value, Bindings bindings) {
    MemorySegment memory = buffers.value(value);
    long count = count(value, bindings);
    for (long i = 0; i < count; i++) {
      if (Float.isNaN(buffers.precision().get(memory, i))) {
        throw noNumbers(value);
      }
    }
  }

  private BackendException noNumbers(Value value) {
    return new BackendException(
        "network '%s': '%s' has elements that are no numbers: an overflow in %s, or a fault of the driver"
            .formatted(graph.name(), value.name(), buffers.precision()));
  }

  private boolean isHalf() {
    return buffers.precision().isHalf();
  }

  private static void copy(
      MemorySegment from,
      boolean isFromHalf,
      MemorySegment to,
      boolean isToHalf,
      Value port,
      Bindings bindings) {
    Elements.copy(from, isFromHalf, 0, to, isToHalf, 0, count(port, bindings));
  }

  private static long count(Value port, Bindings bindings) {
    return port.shape().elementCount() * bindings.itemCount();
  }
}
