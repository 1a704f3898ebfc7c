// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// Brings inputs to the device and outputs back. Where the device shares the host's memory, they
/// are copied there and from there. Elsewhere native memory is read and written where it is, and
/// Java arrays go through native memory of ours, since transfers take their time.
final class Ports {
  private final Graph graph;
  private final DevicePlan plan;
  private final Target target;
  private final Arena arena;
  private final Map<Value, MemorySegment> staging = new HashMap<>();
  private final int itemCountMax;

  /// @param arena owns the staging memory; the compiled graph closes it
  Ports(Graph graph, int itemCountMax, DevicePlan plan, Target target, Arena arena) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    this.plan = plan;
    this.target = target;
    this.arena = arena;
  }

  /// @throws IllegalArgumentException if an id is outside its table
  void checkIds(Bindings bindings) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Embedding
          && node.inputs().getFirst().kind() == Value.Kind.INPUT) {
        checkIds(node, bindings);
      }
    }
  }

  private static void checkIds(Node node, Bindings bindings) {
    Value ids = node.inputs().getFirst();
    int vocabulary = node.inputs().get(1).shape().dim(0);
    MemorySegment data = bindings.view(ids).data();
    long count = ids.shape().elementCount() * bindings.itemCount();
    for (long i = 0; i < count; i++) {
      int id = data.get(TensorView.I32_LE, 4 * i);
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "Embedding: id of row %d: expected 0 to %d, got %d".formatted(i, vocabulary - 1, id));
      }
    }
  }

  /// Queues the inputs' way to the device.
  void read(Bindings bindings) {
    for (Value input : graph.inputs()) {
      MemorySegment data = data(input, bindings);
      ClBuffer buffer = plan.buffer(input);
      if (target.isMapped(data.byteSize())) {
        buffer.fill(0, (int) data.byteSize(), to -> to.copyFrom(data));
      } else {
        buffer.write(0, data.isNative() ? data : staging(input, data.byteSize()).copyFrom(data));
      }
    }
  }

  /// Queues the outputs' way back.
  void write(Bindings bindings) {
    for (Value output : graph.outputs()) {
      MemorySegment data = data(output, bindings);
      if (!target.isMapped(data.byteSize())) {
        plan.buffer(output).read(0, data.isNative() ? data : staging(output, data.byteSize()));
      }
    }
  }

  /// Copies what is not where it belongs yet; after everything queued is done.
  void deliver(Bindings bindings) {
    for (Value output : graph.outputs()) {
      MemorySegment data = data(output, bindings);
      if (target.isMapped(data.byteSize())) {
        plan.buffer(output).view(0, (int) data.byteSize(), data::copyFrom);
      } else if (!data.isNative()) {
        data.copyFrom(staging(output, data.byteSize()));
      }
    }
  }

  private static MemorySegment data(Value port, Bindings bindings) {
    return bindings.view(port).data().asSlice(0, byteSize(port, bindings));
  }

  private MemorySegment staging(Value port, long byteSize) {
    return staging
        .computeIfAbsent(port, p -> arena.allocate(4 * p.shape().elementCount() * itemCountMax, 64))
        .asSlice(0, byteSize);
  }

  private static long byteSize(Value port, Bindings bindings) {
    return port.dtype().bytes(port.shape().elementCount() * bindings.itemCount());
  }
}
