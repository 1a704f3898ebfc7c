// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.weights.WeightRows;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a graph's weights take on the device: the adapter has no type for blocks with scales of
/// their own, so that a 4-bit weight takes 8 or 16 bits, in each network that has it. Weights that
/// are not read here stay in the file, for the backend that runs their nodes.
final class WidenedWeights {
  private final Graph graph;
  private final Precision precision;
  private final int networkCount;
  private final Set<Value> matrices = new HashSet<>();

  /// @param networkCount for how many item counts the graph is compiled, at most
  WidenedWeights(Graph graph, Precision precision, int networkCount) {
    this.graph = graph;
    this.precision = precision;
    this.networkCount = networkCount;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.MatMul) {
        matrices.add(node.inputs().get(1));
      }
    }
  }

  /// With all networks compiled.
  GraphMemory memory(int itemCountMax) {
    List<GraphMemory.Weight> weights = new ArrayList<>();
    for (Value value : constants()) {
      TensorView view = graph.constant(value);
      boolean isHere = WeightRows.isReadable(view.dtype());
      long bytes = isHere ? networkCount * bytes(value) : view.byteSize();
      weights.add(new GraphMemory.Weight(view, !isHere, bytes));
    }
    long values = GraphMemory.valueBytes(graph, itemCountMax) / Float.BYTES * precision.bytes();
    return new GraphMemory(weights, values);
  }

  private List<Value> constants() {
    return graph.values().stream().filter(v -> v.kind() == Value.Kind.CONSTANT).toList();
  }

  private long bytes(Value value) {
    boolean isByte = precision.hasByteWeights() && matrices.contains(value);
    return value.shape().elementCount() * (isByte ? 1 : precision.bytes());
  }

  /// What matrices take that are shorter in the file.
  Optional<String> remark() {
    long before = 0;
    long after = 0;
    Set<DType> dtypes = new TreeSet<>();
    for (Value value : matrices) {
      TensorView view = graph.constant(value);
      if (WeightRows.isReadable(view.dtype()) && view.byteSize() < bytes(value)) {
        before += view.byteSize();
        after += bytes(value);
        dtypes.add(view.dtype());
      }
    }
    return dtypes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s weights of %.1f MB take %.1f MB in %s, once for each of up to %d item counts",
                String.join(", ", dtypes.stream().map(DType::name).toList()),
                before / 1e6,
                after / 1e6,
                precision,
                networkCount));
  }
}
