// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.graph.ValueSlots;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;

/// What a graph will take once it is compiled, told before that.
///
/// @param weights in the form in which the backend keeps them
/// @param scratchBytes intermediate values and what else a run works on
public record GraphMemory(List<Weight> weights, long scratchBytes) {
  /// Copies the list.
  public GraphMemory {
    weights = List.copyOf(weights);
  }

  /// One weight. Graphs of one backend that use it in the same form share it.
  ///
  /// @param source the tensor in the model file
  /// @param isMapped whether it is read where the file is mapped; else the backend holds a form of
  ///   its own and the file's pages are not needed
  /// @param bytes that it takes
  public record Weight(TensorView source, boolean isMapped, long bytes) {}

  /// For a backend that reads weights where they are mapped, with intermediate values as
  /// [ValueSlots] lays them out.
  public static GraphMemory mapped(Graph graph, int itemCountMax) {
    var weights = new ArrayList<Weight>();
    for (Value value : graph.values()) {
      if (value.kind() == Value.Kind.CONSTANT) {
        TensorView view = graph.constant(value);
        weights.add(new Weight(view, true, view.byteSize()));
      }
    }
    return new GraphMemory(weights, valueBytes(graph, itemCountMax));
  }

  /// Bytes of intermediate values in 32 bits, those that do not live at once sharing memory.
  public static long valueBytes(Graph graph, int itemCountMax) {
    var slots =
        new ValueSlots(
            graph,
            value -> value.dtype() == DType.F32,
            value -> Math.multiplyExact(value.shape().elementCount(), itemCountMax));
    long count = 0;
    for (int i = 0; i < slots.count(); i++) {
      count += slots.length(i);
    }
    return 4 * count;
  }
}
