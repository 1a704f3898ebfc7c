// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random graphs in which values live long and short, are read often and never, reshaped and handed
/// out: what a plan of buffers can get wrong. Their truth is the same nodes run one by one.
final class RandomGraphs {
  private static final int ROWS = 4;
  private static final int COLS = 8;

  private RandomGraphs() {}

  static Graph graph(Random random) {
    var g = new GraphBuilder("random");
    var matrices = new ArrayList<Value>(); // all of them [ROWS, COLS]
    matrices.add(g.input("a", DType.F32, ROWS, COLS));
    matrices.add(g.input("b", DType.F32, ROWS, COLS));
    int nodeCount = 5 + random.nextInt(30);
    for (int i = 0; i < nodeCount; i++) {
      matrices.add(node(g, i, pick(matrices, random), pick(matrices, random), random));
    }
    g.output(matrices.get(matrices.size() - 1));
    Value other = pick(matrices, random);
    // One port has one memory, so an input that is also an output would be both.
    if (other != matrices.get(matrices.size() - 1) && other.kind() != Value.Kind.INPUT) {
      g.output(other);
    }
    return g.build();
  }

  private static Value node(GraphBuilder g, int i, Value a, Value b, Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> g.add(a, b);
      case 1 -> g.node(new Op.Silu(), g.add(a, b));
      case 2 -> g.node(new Op.Slice(1, 3, COLS), g.node(new Op.Concat(1), a, b));
      case 3 -> g.node(new Op.Transpose(), g.node(new Op.Reshape(Shape.of(COLS, ROWS)), a));
      case 4 ->
          g.matMul(
              g.node(new Op.Reshape(Shape.of(ROWS, COLS)), a),
              g.constant("w" + i, TestWeights.random(DType.F32, COLS, COLS, random)));
      case 5 -> g.node(new Op.Softmax(), g.add(b, a));
      default -> g.scale(g.node(new Op.Slice(0, 2, ROWS), g.node(new Op.Concat(0), a, b)), 0.5f);
    };
  }

  private static Value pick(List<Value> values, Random random) {
    // Recent values as a rule, old ones now and then.
    int back = random.nextInt(random.nextInt(4) == 0 ? values.size() : Math.min(3, values.size()));
    return values.get(values.size() - 1 - back);
  }

  /// The values of the graph's outputs, each node compiled and run by itself.
  static Map<Value, float[]> oneByOne(
      Backend backend, Graph graph, int itemCount, Map<Value, Object> inputs) {
    Map<Value, float[]> known = new HashMap<>();
    inputs.forEach((value, array) -> known.put(value, (float[]) array));
    for (Node node : graph.nodes()) {
      var g = new GraphBuilder("one");
      Map<Value, Value> copies = new HashMap<>();
      Map<Value, Object> operands = new LinkedHashMap<>();
      for (Value in : node.inputs()) {
        Value copy =
            copies.computeIfAbsent(
                in,
                v ->
                    v.kind() == Value.Kind.CONSTANT
                        ? g.constant(v.name(), graph.constant(v))
                        : g.input(v.name(), v.dtype(), v.shape().toArray()));
        if (in.kind() != Value.Kind.CONSTANT) {
          operands.put(copy, known.get(in));
        }
      }
      Value y =
          g.node(
              "one's output",
              node.op(),
              node.inputs().stream().map(copies::get).toArray(Value[]::new));
      Graph one = g.output(y).build();
      try (CompiledGraph compiled = backend.compile(one, itemCount)) {
        known.put(
            node.output(),
            GraphRunner.run(compiled, one, itemCount, operands, List.of(), GraphRunner.Memory.HEAP)
                .get(y));
      }
    }
    Map<Value, float[]> outputs = new LinkedHashMap<>();
    graph.outputs().forEach(value -> outputs.put(value, known.get(value)));
    return outputs;
  }
}
