// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

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

/// Brings inputs to the device and outputs back. Native memory is read and written where it is;
/// Java arrays go through native memory of ours, since transfers take their time.
final class Ports {
  private final Graph graph;
  private final DevicePlan plan;
  private final Arena arena;
  private final Map<Value, MemorySegment> staging = new HashMap<>();
  private final int itemCountMax;

  /// @param arena owns the staging memory; the compiled graph closes it
  Ports(Graph graph, int itemCountMax, DevicePlan plan, Arena arena) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    this.plan = plan;
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
      MemorySegment data = bindings.view(input).data().asSlice(0, byteSize(input, bindings));
      plan.buffer(input)
          .write(0, data.isNative() ? data : staging(input, data.byteSize()).copyFrom(data));
    }
  }

  /// Queues the outputs' way back.
  void write(Bindings bindings) {
    for (Value output : graph.outputs()) {
      MemorySegment data = bindings.view(output).data().asSlice(0, byteSize(output, bindings));
      plan.buffer(output).read(0, data.isNative() ? data : staging(output, data.byteSize()));
    }
  }

  /// Copies what arrived to the Java arrays it is for; after everything queued is done.
  void deliver(Bindings bindings) {
    for (Value output : graph.outputs()) {
      MemorySegment data = bindings.view(output).data().asSlice(0, byteSize(output, bindings));
      if (!data.isNative()) {
        data.copyFrom(staging(output, data.byteSize()));
      }
    }
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
