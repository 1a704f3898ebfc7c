// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.List;
import java.util.Map;

/// A verified computation over the closed op set: nodes in topological order, weights as constants.
/// Immutable; built by [GraphBuilder].
///
/// @param name for reports, e.g. `text.blocks`
/// @param values all values, `values.get(i).id() == i`
/// @param inputs what the caller binds
/// @param outputs what a run leaves
/// @param nodes in an order in which each node's inputs are known
/// @param constants the memory of each constant value
public record Graph(
    String name,
    List<Value> values,
    List<Value> inputs,
    List<Value> outputs,
    List<Node> nodes,
    Map<Value, TensorView> constants) {
  /// Copies the collections and verifies the graph.
  ///
  /// @throws IllegalArgumentException if it breaks a rule of [GraphVerifier]
  public Graph {
    values = List.copyOf(values);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    constants = Map.copyOf(constants);
    GraphVerifier.verify(name, values, inputs, outputs, nodes, constants);
  }

  /// The memory of constant `value`.
  ///
  /// @throws IllegalArgumentException if the value is no constant of this graph
  public TensorView constant(Value value) {
    TensorView view = constants.get(value);
    if (view == null) {
      throw new IllegalArgumentException(
          "graph '%s': '%s' is no constant".formatted(name, value.name()));
    }
    return view;
  }

  /// The input or output called `name`.
  ///
  /// @throws IllegalArgumentException if there is none
  public Value port(String portName) {
    for (Value value : inputs) {
      if (value.name().equals(portName)) {
        return value;
      }
    }
    for (Value value : outputs) {
      if (value.name().equals(portName)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "graph '%s': no input or output '%s'".formatted(name, portName));
  }

  /// Bytes of all constants.
  public long constantBytes() {
    return constants.values().stream().mapToLong(TensorView::byteSize).sum();
  }
}
