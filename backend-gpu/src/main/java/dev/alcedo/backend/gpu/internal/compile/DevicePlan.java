// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.graph.ValueSlots;
import java.util.ArrayList;
import java.util.List;

/// Gives every per-item value of a graph a buffer on the device, shared as [ValueSlots] says.
final class DevicePlan implements AutoCloseable {
  private static final long ELEMENT_COUNT_MAX = Integer.MAX_VALUE;

  private final ValueSlots slots;
  private final List<ClBuffer> buffers = new ArrayList<>();

  DevicePlan(Graph graph, int itemCountMax, Target target, Fusions fusions) {
    this.slots =
        new ValueSlots(
            graph,
            _ -> true,
            value -> checked(graph, value, value.shape().elementCount(), itemCountMax),
            fusions::end);
    String what = "intermediate values of '%s'".formatted(graph.name());
    try {
      for (int i = 0; i < slots.count(); i++) {
        buffers.add(target.allocate(4 * slots.length(i), what));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// The buffer of a per-item value; item `i` starts at element `i` times the shape's count.
  ClBuffer buffer(Value value) {
    return buffers.get(slots.of(value));
  }

  /// Bytes of all buffers.
  long byteSize() {
    return buffers.stream().mapToLong(ClBuffer::byteSize).sum();
  }

  /// Elements of a value for all items.
  ///
  /// @throws ResourceExhaustedException if kernels could not number them
  static long checked(Graph graph, Value value, long perItem, int itemCountMax) {
    if (perItem > ELEMENT_COUNT_MAX / itemCountMax) {
      throw new ResourceExhaustedException(
          "compile of graph '%s': '%s' %s for %d items: expected at most %d elements; compile for fewer items"
              .formatted(
                  graph.name(), value.name(), value.shape(), itemCountMax, ELEMENT_COUNT_MAX));
    }
    return perItem * itemCountMax;
  }

  @Override
  public void close() {
    buffers.forEach(ClBuffer::close);
  }
}
