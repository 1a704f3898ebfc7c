// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.spi.GraphMemory.Weight;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;

/// What a graph will take on the CPU, without packing a weight: as [CpuGraph#residentBytes] tells
/// afterwards, but for small tables.
final class MemoryEstimate {
  private final Graph graph;
  private final int itemCountMax;
  private final Kernels kernels;
  private final List<Weight> weights = new ArrayList<>();
  private long operandBytes;
  private long patchBytes;

  private MemoryEstimate(Graph graph, int itemCountMax, Kernels kernels) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    this.kernels = kernels;
  }

  static GraphMemory of(Graph graph, int itemCountMax, Kernels kernels) {
    var estimate = new MemoryEstimate(graph, itemCountMax, kernels);
    graph.nodes().forEach(estimate::add);
    long valueBytes = GraphMemory.valueBytes(graph, itemCountMax);
    return new GraphMemory(
        estimate.weights, valueBytes + estimate.operandBytes + estimate.patchBytes);
  }

  private void add(Node node) {
    switch (node.op()) {
      case Op.Embedding _ -> read(node.inputs().get(1));
      case Op.MatMul _ -> multiply(node);
      case Op.PatchEmbed _ -> {
        multiply(node);
        patchBytes = Math.max(patchBytes, 4 * rows(node) * cols(node));
      }
      default -> node.inputs().forEach(this::copy);
    }
  }

  private void multiply(Node node) {
    Value weight = node.inputs().get(1);
    TensorView view = graph.constant(weight);
    if (kernels.isPacked(view.dtype())) {
      weights.add(new Weight(view, false, kernels.packedByteSize(view)));
    } else {
      read(weight);
    }
    // Operands are shared by all layers, so that the largest counts: at most what floats take.
    operandBytes = Math.max(operandBytes, 4 * rows(node) * cols(node));
    if (node.inputs().size() > 2) {
      copy(node.inputs().get(2));
    }
  }

  private long rows(Node node) {
    return (long) node.output().shape().dim(0) * itemCountMax;
  }

  private static long cols(Node node) {
    return node.inputs().get(1).shape().cols();
  }

  private void read(Value weight) {
    TensorView view = graph.constant(weight);
    weights.add(new Weight(view, view.data().isNative(), view.byteSize()));
  }

  /// Vectors become arrays of floats.
  private void copy(Value value) {
    if (value.kind() == Value.Kind.CONSTANT) {
      TensorView view = graph.constant(value);
      weights.add(new Weight(view, false, 4 * view.shape().elementCount()));
    }
  }
}
