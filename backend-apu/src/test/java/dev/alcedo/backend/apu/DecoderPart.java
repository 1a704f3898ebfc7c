// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.GraphRunner;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Half a decoder block: norm, products, rotation, attention over a KV cache, residual. Five
/// positions are prefilled and two decoded, so that several buckets are compiled.
final class DecoderPart {
  private static final int COLS = 32;
  private static final int POSITIONS = 7;

  private final Graph graph;
  private final Map<Value, Object> inputs = new LinkedHashMap<>();

  DecoderPart() {
    Random random = Seeds.random("decoder part");
    var g = new GraphBuilder("part");
    Value x = g.input("x", DType.F32, 1, COLS);
    Value positions = g.input("positions", DType.I32, 1);
    Value weight =
        g.constant("norm", TensorView.ofFloats(Fill.GAUSSIAN.floats(COLS, random), COLS));
    Value norm = g.rmsNorm(x, weight, 1e-6f);
    var rope = new Op.Rope(Op.Rope.Style.HALVES, 2, 16, 16, 1e4f, 1, 1);
    Value q = g.node(rope, product(g, "q", norm, random), positions);
    Value k = g.node(rope, product(g, "k", norm, random), positions);
    Value v = product(g, "v", norm, random);
    Value heads = g.attention(new Op.Attention(2, 2, 16, 0.25f, 0, 0), q, k, v);
    graph = g.output(g.add(x, product(g, "o", heads, random))).build();
    inputs.put(x, Fill.GAUSSIAN.floats(POSITIONS * COLS, random));
    inputs.put(positions, new int[] {0, 1, 2, 3, 4, 5, 6});
  }

  private static Value product(GraphBuilder g, String name, Value x, Random random) {
    return g.matMul(x, g.constant(name, TestWeights.random(DType.Q8_0, COLS, COLS, random)));
  }

  Graph graph() {
    return graph;
  }

  /// The result of all positions.
  float[] run(Backend backend) {
    var layout = new KvLayout(DType.F16, 1, 2, 16);
    List<float[]> parts = new ArrayList<>();
    try (CompiledGraph compiled = backend.compile(graph, 5);
        var cache = new KvCache(layout, 64)) {
      for (int[] range : new int[][] {{0, 5}, {5, 6}, {6, 7}}) {
        int count = range[1] - range[0];
        var span = new Bindings.Span(0, count, cache, range[0]);
        parts.add(
            GraphRunner.run(
                    compiled,
                    graph,
                    count,
                    slice(range[0], range[1]),
                    List.of(span),
                    GraphRunner.Memory.HEAP)
                .get(graph.outputs().getFirst()));
      }
    }
    var all = new float[POSITIONS * COLS];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private Map<Value, Object> slice(int from, int to) {
    Map<Value, Object> part = new LinkedHashMap<>();
    inputs.forEach((port, array) ->
        part.put(
            port,
            array instanceof int[] ints
                ? Arrays.copyOfRange(ints, from, to)
                : Arrays.copyOfRange((float[]) array, from * COLS, to * COLS)));
    return part;
  }
}
