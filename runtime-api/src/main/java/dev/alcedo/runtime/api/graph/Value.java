// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;

/// One value of a graph. Values are equal when their ids are the same value of the same graph.
///
/// @param id index within the graph, dense from 0
/// @param name unique within the graph; constants carry their GGUF tensor name
/// @param shape of one item if the kind [Kind#isPerItem()], else of the whole constant
public record Value(int id, String name, Kind kind, DType dtype, Shape shape) {
  /// Where a value comes from.
  public enum Kind {
    /// Bound by the caller for each run.
    INPUT,
    /// A weight: memory that does not change while the compiled graph lives.
    CONSTANT,
    /// The output of a node.
    COMPUTED;

    /// Whether a run holds one of these for each item.
    public boolean isPerItem() {
      return this != CONSTANT;
    }
  }
}
