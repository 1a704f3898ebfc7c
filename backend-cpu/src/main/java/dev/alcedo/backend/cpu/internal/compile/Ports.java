// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;

/// Copies inputs in and outputs out: what is bound may be any memory, may differ from run to run
/// and may be bound twice, and kernels only see arrays. A copy is a thousandth of the work on it.
final class Ports {
  private final Value[] inputs;
  private final Value[] outputs;
  private final BufferPlan plan;

  Ports(Graph graph, BufferPlan plan) {
    this.inputs = graph.inputs().toArray(Value[]::new);
    this.outputs = graph.outputs().toArray(Value[]::new);
    this.plan = plan;
  }

  void read(Bindings bindings) {
    for (Value input : inputs) {
      MemorySegment data = bindings.view(input).data();
      int count = elementCount(input, bindings);
      if (input.dtype() == DType.F32) {
        float[] to = plan.floats(input);
        MemorySegment.copy(data, TensorView.F32_LE, 0, to, 0, Math.min(count, to.length));
      } else {
        MemorySegment.copy(data, TensorView.I32_LE, 0, plan.ints(input), 0, count);
      }
    }
  }

  void write(Bindings bindings) {
    for (Value output : outputs) {
      MemorySegment data = bindings.view(output).data();
      int count = elementCount(output, bindings);
      if (output.dtype() == DType.F32) {
        MemorySegment.copy(plan.floats(output), 0, data, TensorView.F32_LE, 0, count);
      } else {
        MemorySegment.copy(plan.ints(output), 0, data, TensorView.I32_LE, 0, count);
      }
    }
  }

  private static int elementCount(Value port, Bindings bindings) {
    return Math.toIntExact(port.shape().elementCount() * bindings.itemCount());
  }
}
