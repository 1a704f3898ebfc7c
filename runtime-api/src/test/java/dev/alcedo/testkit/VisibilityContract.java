// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/// Who sees whom in attention, against [PlainAttention]: windows of neighbouring rows, more keys
/// than queries, and bidirectional spans after a causal text.
final class VisibilityContract {
  private static final PlainAttention PLAIN = new PlainAttention(4, 2, 20, 0.3f);

  private VisibilityContract() {}

  /// Windows of `length` rows, the last of them shorter.
  static void checkWindows(Backend backend, int rows, int length, double tolerance) {
    Graph graph = windows(rows);
    int items = 2;
    Map<Value, Object> inputs = inputs(graph, items, "windows %d %d".formatted(rows, length));
    var numbers = new int[items * rows];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % rows / length;
    }
    inputs.put(graph.port("segments"), numbers);
    var expected = new float[items * rows * PLAIN.queryCols()];
    for (int row = 0; row < items * rows; row++) {
      int own = row;
      plain(
          graph,
          inputs,
          row,
          key -> key / rows == own / rows && key % rows / length == own % rows / length,
          expected);
    }
    check(backend, graph, items, inputs, expected, tolerance);
  }

  /// `rows` queries that each see `keyRows` keys of their item.
  static void checkCross(Backend backend, int rows, int keyRows, double tolerance) {
    Graph graph = cross(rows, keyRows);
    int items = 3;
    Map<Value, Object> inputs = inputs(graph, items, "cross %d %d".formatted(rows, keyRows));
    var expected = new float[items * rows * PLAIN.queryCols()];
    for (int row = 0; row < items * rows; row++) {
      int item = row / rows;
      plain(graph, inputs, row, key -> key / keyRows == item, expected);
    }
    check(backend, graph, items, inputs, expected, tolerance);
  }

  /// A causal text of `before` positions, then a bidirectional span of `count`.
  static void checkSpan(Backend backend, int before, int count, int window, double tolerance) {
    Graph graph = cached(window);
    int all = before + count;
    Map<Value, Object> inputs = inputs(graph, all, "span %d %d".formatted(before, count));
    var expected = new float[all * PLAIN.queryCols()];
    for (int row = 0; row < all; row++) {
      int own = row;
      plain(
          graph,
          inputs,
          row,
          key -> key < (own < before ? own + 1 : all) && (window == 0 || key > own - window),
          expected);
    }
    var layout = new KvLayout(DType.F32, 1, PLAIN.headCountKv(), PLAIN.headLength());
    try (var cache = new KvCache(layout, all + 3)) {
      var text = new Bindings.Span(0, before, cache, 0);
      run(backend, graph, before, slice(inputs, 0, before), List.of(text));
      var span = new Bindings.Span(0, count, cache, before, true);
      float[] y = run(backend, graph, count, slice(inputs, before, all), List.of(span));
      int cut = before * PLAIN.queryCols();
      Nmse.assertClose(
          "bidirectional span of %d after %d, window %d".formatted(count, before, window),
          Arrays.copyOfRange(expected, cut, expected.length),
          y,
          tolerance);
    }
  }

  /// Attention with segments.
  static Graph windows(int rows) {
    var g = new GraphBuilder("windows");
    Value segments = g.input("segments", DType.I32, rows);
    return g.output(node(g, Op.Attention.NO_CACHE, 0, rows, rows, segments)).build();
  }

  /// Attention to rows of another count.
  static Graph cross(int rows, int keyRows) {
    var g = new GraphBuilder("cross");
    return g.output(node(g, Op.Attention.NO_CACHE, 0, rows, keyRows)).build();
  }

  /// Attention through a KV cache.
  static Graph cached(int window) {
    var g = new GraphBuilder("cached");
    return g.output(node(g, 0, window, 1, 1)).build();
  }

  private static Value node(
      GraphBuilder g, int layer, int window, int rows, int keyRows, Value... segments) {
    Value q = g.input("q", DType.F32, rows, PLAIN.queryCols());
    Value k = g.input("k", DType.F32, keyRows, PLAIN.keyCols());
    Value v = g.input("v", DType.F32, keyRows, PLAIN.keyCols());
    var op =
        new Op.Attention(
            PLAIN.headCount(),
            PLAIN.headCountKv(),
            PLAIN.headLength(),
            (float) PLAIN.scale(),
            layer,
            window);
    return segments.length == 0 ? g.node(op, q, k, v) : g.node(op, q, k, v, segments[0]);
  }

  private static Map<Value, Object> inputs(Graph graph, int items, String purpose) {
    Random random = Seeds.random(purpose);
    return new LinkedHashMap<>(GraphRunner.randomInputs(graph, items, Fill.GAUSSIAN, 1, random));
  }

  private static void plain(
      Graph graph, Map<Value, Object> inputs, int row, IntPredicate isSeen, float[] y) {
    var k = (float[]) inputs.get(graph.port("k"));
    PLAIN.row(
        (float[]) inputs.get(graph.port("q")),
        row,
        k,
        (float[]) inputs.get(graph.port("v")),
        k.length / PLAIN.keyCols(),
        isSeen,
        y);
  }

  private static Map<Value, Object> slice(Map<Value, Object> inputs, int from, int to) {
    Map<Value, Object> part = new LinkedHashMap<>();
    inputs.forEach((port, array) -> {
      int cols = port.shape().cols();
      part.put(port, Arrays.copyOfRange((float[]) array, from * cols, to * cols));
    });
    return part;
  }

  private static float[] run(
      Backend backend,
      Graph graph,
      int items,
      Map<Value, Object> inputs,
      List<Bindings.Span> spans) {
    try (CompiledGraph compiled = backend.compile(graph, items)) {
      return GraphRunner.run(compiled, graph, items, inputs, spans, GraphRunner.Memory.HEAP)
          .get(graph.outputs().getFirst());
    }
  }

  private static void check(
      Backend backend,
      Graph graph,
      int items,
      Map<Value, Object> inputs,
      float[] expected,
      double tolerance) {
    Nmse.assertClose(
        graph.name() + " " + graph.inputs(),
        expected,
        run(backend, graph, items, inputs, List.of()),
        tolerance);
  }
}
