// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds a [Graph], inferring the type and shape of each value. One method for each op; all throw
/// `IllegalArgumentException` naming op, input, expected and got where inputs do not fit. Used by
/// one thread.
public final class GraphBuilder {
  private final String name;
  private final List<Value> values = new ArrayList<>();
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, TensorView> constants = new LinkedHashMap<>();
  private final Map<String, Value> constantsByName = new HashMap<>();

  /// Starts a graph called `name`, e.g. `text.blocks`.
  public GraphBuilder(String name) {
    this.name = name;
  }

  /// A value that the caller binds for each run; `dims` is the shape of one item.
  public Value input(String inputName, DType dtype, int... dims) {
    Value value = value(inputName, Value.Kind.INPUT, dtype, Shape.of(dims));
    inputs.add(value);
    return value;
  }

  /// A weight under its GGUF tensor name; asking twice for one name gives the same value.
  public Value constant(String tensorName, TensorView view) {
    return constantsByName.computeIfAbsent(
        tensorName,
        key -> {
          Value value = value(key, Value.Kind.CONSTANT, view.dtype(), view.shape());
          constants.put(value, view);
          return value;
        });
  }

  /// Adds `op` over `operands`; the output is called `outputName`.
  public Value node(String outputName, Op op, Value... operands) {
    List<Value> list = List.of(operands);
    ShapeRules.Result result = ShapeRules.infer(op, list);
    Value output = value(outputName, Value.Kind.COMPUTED, result.dtype(), result.shape());
    nodes.add(new Node(op, list, output));
    return output;
  }

  /// Adds `op` over `operands` under a generated name.
  public Value node(Op op, Value... operands) {
    return node("%s.%d".formatted(op.opName(), values.size()), op, operands);
  }

  /// Rows of `table` by `ids`.
  public Value embedding(Value ids, Value table) {
    return node(new Op.Embedding(), ids, table);
  }

  /// `x weightᵀ`.
  public Value matMul(Value x, Value weight) {
    return node(new Op.MatMul(), x, weight);
  }

  /// `x weightᵀ + bias`, without the bias where there is none.
  public Value matMul(Value x, Value weight, Optional<Value> bias) {
    return bias.isPresent() ? node(new Op.MatMul(), x, weight, bias.get()) : matMul(x, weight);
  }

  /// `a + b`.
  public Value add(Value a, Value b) {
    return node(new Op.Add(), a, b);
  }

  /// `a * b`, elementwise.
  public Value mul(Value a, Value b) {
    return node(new Op.Mul(), a, b);
  }

  /// `factor * x`.
  public Value scale(Value x, float factor) {
    return node(new Op.Scale(factor), x);
  }

  /// Root-mean-square norm.
  public Value rmsNorm(Value x, Value weight, float eps) {
    return node(new Op.RmsNorm(eps), x, weight);
  }

  /// Layer norm.
  public Value layerNorm(Value x, Value weight, Value bias, float eps) {
    return node(new Op.LayerNorm(eps), x, weight, bias);
  }

  /// Rotary position embedding; `factors` divide the frequencies where present.
  public Value rope(Op.Rope op, Value x, Value positions, Optional<Value> factors) {
    return factors.isPresent() ? node(op, x, positions, factors.get()) : node(op, x, positions);
  }

  /// Attention.
  public Value attention(Op.Attention op, Value q, Value k, Value v) {
    return node(op, q, k, v);
  }

  /// Marks `value` as an output.
  public GraphBuilder output(Value value) {
    outputs.add(value);
    return this;
  }

  /// The finished graph, verified.
  ///
  /// @throws IllegalArgumentException if no output was marked
  public Graph build() {
    return new Graph(name, values, inputs, outputs, nodes, constants);
  }

  private Value value(String valueName, Value.Kind kind, DType dtype, Shape shape) {
    Value value = new Value(values.size(), valueName, kind, dtype, shape);
    values.add(value);
    return value;
  }
}
