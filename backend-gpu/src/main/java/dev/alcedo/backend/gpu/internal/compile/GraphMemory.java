// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Value;
import java.util.ArrayList;
import java.util.List;

/// What one compiled graph holds on the device, released together: kernels with their arguments,
/// planned buffers, its share of the weights.
final class GraphMemory implements AutoCloseable {
  private final Graph graph;
  private final Programs programs;
  private final DeviceWeights weights;
  private final DevicePlan plan;
  private final List<AutoCloseable> owned = new ArrayList<>();
  private long byteSize;

  GraphMemory(Graph graph, Programs programs, DeviceWeights weights, DevicePlan plan) {
    this.graph = graph;
    this.programs = programs;
    this.weights = weights;
    this.plan = plan;
    this.byteSize = plan.byteSize();
  }

  /// The buffer of input `i` of a node: a per-item value's, or a constant's elements as they are.
  ClBuffer input(Node node, int i) {
    Value value = node.inputs().get(i);
    if (value.kind() != Value.Kind.CONSTANT) {
      return plan.buffer(value);
    }
    DeviceWeights.Weight weight = weights.vector(graph.constant(value), value.name());
    return own(weight, weight.byteSize()).quants();
  }

  /// The buffer of a node's output.
  ClBuffer output(Node node) {
    return plan.buffer(node.output());
  }

  /// Constant input `i` of a node in its dtype's layout.
  DeviceWeights.Weight matrix(Node node, int i) {
    Value value = node.inputs().get(i);
    DeviceWeights.Weight weight = weights.matrix(graph.constant(value), value.name());
    return own(weight, weight.byteSize());
  }

  /// A table of the graph's own.
  ClBuffer table(long[] numbers, String name) {
    ClBuffer buffer = weights.numbers(numbers, name);
    return own(buffer, buffer.byteSize());
  }

  /// A table of the graph's own.
  ClBuffer table(int[] numbers, String name) {
    ClBuffer buffer = weights.numbers(numbers, name);
    return own(buffer, buffer.byteSize());
  }

  /// Takes over a buffer that was made for this graph.
  ClBuffer scratch(ClBuffer buffer) {
    return own(buffer, buffer.byteSize());
  }

  /// A kernel for one node.
  ClKernel kernel(String name, List<String> sources, String options) {
    return own(programs.kernel(name, sources, options), 0);
  }

  /// Bytes on the device, shared weights included.
  long byteSize() {
    return byteSize;
  }

  private <R extends AutoCloseable> R own(R resource, long size) {
    owned.add(resource);
    byteSize += size;
    return resource;
  }

  @Override
  public void close() {
    for (AutoCloseable resource : owned.reversed()) {
      switch (resource) {
        case ClKernel kernel -> kernel.close();
        case ClBuffer buffer -> buffer.close();
        case DeviceWeights.Weight weight -> weight.close();
        default -> throw new IllegalStateException("not on a device: " + resource);
      }
    }
    owned.clear();
    plan.close();
  }
}
