// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.cpu.ScalarBackendProvider;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.GraphRunner;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The definition of each op, worked out by hand.
class ScalarOpsTest {
  private static Backend backend;

  @BeforeAll
  static void open() {
    var provider = new ScalarBackendProvider();
    var available = (Availability.Available) provider.probe();
    backend = provider.open(available.devices().get(0), new BackendOptions(1, Optional.empty()));
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @Test
  void embeddingPicksRows() {
    var g = new GraphBuilder("g");
    Value ids = g.input("ids", DType.I32, 2);
    g.output(g.embedding(ids, g.constant("t", floats(3, 2, 1, 2, 3, 4, 5, 6))));
    assertArrayEquals(
        new float[] {5, 6, 1, 2, 3, 4, 3, 4}, run(g, 2, Map.of(ids, new int[] {2, 0, 1, 1})));
  }

  @Test
  void matMulTakesWeightRowsAsColumns() {
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 2, 3);
    Value w = g.constant("w", floats(2, 3, 1, 0, -1, 2, 1, 0));
    Value b = g.constant("b", TensorView.ofFloats(new float[] {10, 20}, 2));
    g.output(g.matMul(x, w, Optional.of(b)));
    // [1 2 3] . [1 0 -1] = -2, . [2 1 0] = 4; [4 5 6]: -2, 13
    assertArrayEquals(new float[] {8, 24, 8, 33}, run(g, 1, Map.of(x, f(1, 2, 3, 4, 5, 6))));
  }

  @Test
  void matMulOnBf16WeightsRoundsItsLeftOperand() {
    var data = Arena.ofAuto().allocate(8);
    for (int i = 0; i < 4; i++) {
      data.set(ValueLayout.JAVA_SHORT, 2L * i, (short) 0x3F80); // 1
    }
    var weight = new TensorView(DType.BF16, Shape.of(1, 4), data);
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 1, 4);
    Value y = g.matMul(x, g.constant("w", weight));
    Value z = g.matMul(x, g.constant("f", floats(1, 4, 1, 1, 1, 1)));
    g.output(g.node(new Op.Concat(1), y, z));
    // 8 significant bits: 257 and 259 lie between 256, 258 and 260 and go to the even fraction;
    // 1 + 2^-8 + 2^-20 is above the half and goes up to 1 + 2^-7. F32 weights take x as it is.
    assertArrayEquals(
        new float[] {256 + 260 + 1.0078125f, 257 + 259 + 1.00390625f + 0x1p-20f},
        run(g, 1, Map.of(x, f(257, 259, 1.00390625f + 0x1p-20f, 0))));
  }

  @Test
  void addAndMulRepeatConstants() {
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 2, 2);
    Value v = g.constant("v", TensorView.ofFloats(new float[] {10, 20}, 2));
    Value m = g.constant("m", floats(2, 2, 1, 2, 3, 4));
    g.output(g.mul(g.add(x, v), m));
    assertArrayEquals(
        new float[] {11, 44, 39, 96, 15, 52, 51, 112},
        run(g, 2, Map.of(x, f(1, 2, 3, 4, 5, 6, 7, 8))));
  }

  @Test
  void rmsNormWorksOnGroups() {
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 1, 4);
    Value w = g.constant("w", TensorView.ofFloats(new float[] {1, 2}, 2));
    g.output(g.rmsNorm(x, w, 0.5f));
    // mean square of (3, 4) is 12.5, plus 0.5: sqrt(13); of (0, 1) 0.5 + 0.5: 1
    float r = (float) Math.sqrt(13);
    assertArrayEquals(new float[] {3 / r, 8 / r, 0, 2}, run(g, 1, Map.of(x, f(3, 4, 0, 1))), 1e-6f);
  }

  @Test
  void layerNormCentres() {
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 1, 2);
    Value w = g.constant("w", TensorView.ofFloats(new float[] {1, 2}, 2));
    Value b = g.constant("b", TensorView.ofFloats(new float[] {10, 20}, 2));
    g.output(g.layerNorm(x, w, b, 3));
    // mean 4, variance 1, plus 3: divisor 2
    assertArrayEquals(new float[] {9.5f, 21}, run(g, 1, Map.of(x, f(3, 5))), 1e-6f);
  }

  @Test
  void ropeTurnsPairs() {
    // Base 100 and 4 elements: frequencies 1 and 100^(-2/4) = 0.1; factor 0.1 makes the second 1.
    float c = (float) Math.cos(1);
    float s = (float) Math.sin(1);
    for (Op.Rope.Style style : Op.Rope.Style.values()) {
      var g = new GraphBuilder("g");
      Value x = g.input("x", DType.F32, 1, 5);
      Value p = g.input("p", DType.I32, 1);
      Value factors = g.constant("f", TensorView.ofFloats(new float[] {1, 0.1f}, 2));
      var op = new Op.Rope(style, 1, 5, 4, 100, 0.5f, 2);
      g.output(g.rope(op, x, p, Optional.of(factors)));
      Object in = style == Op.Rope.Style.HALVES ? f(1, 3, 2, 4, 9) : f(1, 2, 3, 4, 9);
      float[] first = {2 * (c - 2 * s), 2 * (s + 2 * c)};
      float[] second = {2 * (3 * c - 4 * s), 2 * (3 * s + 4 * c)};
      float[] expected =
          style == Op.Rope.Style.HALVES
              ? new float[] {first[0], second[0], first[1], second[1], 9}
              : new float[] {first[0], first[1], second[0], second[1], 9};
      assertArrayEquals(expected, run(g, 1, Map.of(x, in, p, new int[] {2})), 1e-5f);
    }
  }

  @Test
  void ropeTurnsEachSectionByItsPosition() {
    // Three pairs (HALVES: 0 and 3, 1 and 4, 2 and 5) of (1, 0), which turn to (cos, sin). The
    // first turns by position 2, the others by 5, with frequencies 64^(-i / 3) = 1, 1/4, 1/16; when
    // the second section begins anew, 1, 1, 64^(-1 / 2) = 1/8.
    for (boolean isRestarting : new boolean[] {false, true}) {
      var sections = new Op.Rope.Sections(List.of(1, 2), isRestarting);
      var op = new Op.Rope(Op.Rope.Style.HALVES, 1, 6, 6, 64, 1, 1, sections);
      var g = new GraphBuilder("g");
      Value x = g.input("x", DType.F32, 1, 6);
      Value p = g.input("p", DType.I32, 1, 2);
      g.output(g.node(op, x, p));
      double[] angles =
          isRestarting ? new double[] {2, 5, 5 / 8.0} : new double[] {2, 1.25, 0.3125};
      var expected = new float[6];
      for (int i = 0; i < 3; i++) {
        expected[i] = (float) Math.cos(angles[i]);
        expected[i + 3] = (float) Math.sin(angles[i]);
      }
      Map<Value, Object> inputs = Map.of(x, f(1, 1, 1, 0, 0, 0), p, new int[] {2, 5});
      assertArrayEquals(expected, run(g, 1, inputs), 1e-6f);
    }
  }

  @Test
  void causalAttentionSeesThePastAndStoresF16() {
    var op = new Op.Attention(2, 1, 1, 1, 0, 2);
    var g = new GraphBuilder("g");
    Value q = g.input("q", DType.F32, 1, 2);
    Value k = g.input("k", DType.F32, 1, 1);
    Value v = g.input("v", DType.F32, 1, 1);
    g.output(g.attention(op, q, k, v));
    try (var cache = new KvCache(new KvLayout(DType.F16, 1, 1, 1), 8)) {
      Map<Value, Object> inputs = new LinkedHashMap<>();
      inputs.put(q, f(0, 1, 0, 1, 0, 1)); // head 0 looks at all alike, head 1 at k
      float third = 1 / 3f; // as F16: 0.33325195
      inputs.put(k, f(third, 1, 2));
      inputs.put(v, f(1, 2, 3));
      var spans = List.of(new Bindings.Span(0, 3, cache, 4));
      float[] y = run(g, 3, inputs, spans);
      double second = sigmoid(1 - 0.33325195); // weight of the newer of two keys
      double last = sigmoid(1);
      // Item 0 is at position 4 with a window of 2, so it also sees position 3: zeros.
      double first = sigmoid(0.33325195);
      float[] expected = {
        0.5f,
        f16(first),
        1.5f,
        f16(1 - second) + 2 * f16(second),
        2.5f,
        2 * f16(1 - last) + 3 * f16(last)
      };
      assertArrayEquals(expected, y, 1e-6f);
      assertEquals(
          Float.floatToFloat16(third), cache.keys(0).get(PlainWeights.U16_LE, 2 * 4), "stored key");
    }
  }

  /// A probability as it is rounded with an F16 cache.
  private static float f16(double x) {
    return Float.float16ToFloat(Float.floatToFloat16((float) x));
  }

  @Test
  void bidirectionalAttentionStaysWithinItemsAndGroupsHeads() {
    var op = new Op.Attention(2, 1, 1, 1, Op.Attention.NO_CACHE, 0);
    var g = new GraphBuilder("g");
    Value q = g.input("q", DType.F32, 2, 2);
    Value k = g.input("k", DType.F32, 2, 1);
    Value v = g.input("v", DType.F32, 2, 1);
    g.output(g.attention(op, q, k, v));
    float s = (float) sigmoid(1); // keys differ by 1
    assertArrayEquals(
        new float[] {0.5f, s, 0.5f, s, 15, 15, 15, 15},
        run(g, 2, Map.of(q, f(0, 1, 0, 1, 5, 5, 5, 5), k, f(0, 1, 3, 3), v, f(0, 1, 10, 20))),
        1e-6f);
  }

  @Test
  void softmaxIsShiftInvariant() {
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 2, 2);
    g.output(g.node(new Op.Softmax(), x));
    float s = (float) sigmoid(1);
    assertArrayEquals(
        new float[] {1 - s, s, 1 - s, s}, run(g, 1, Map.of(x, f(0, 1, 500, 501))), 1e-6f);
  }

  @Test
  void activationsAtKnownPoints() {
    // From the formulas by hand: sigmoid(2) = 0.8807971, Phi(2) = 0.9772499 (tables of the normal
    // distribution), tanh form at 2: 0.5 * (1 + tanh(0.7978846 * (2 + 0.35772))) = 0.9772988.
    assertEquals(2 * 0.8807971f, one(new Op.Silu(), 2), 1e-6f);
    assertEquals(-2 * 0.1192029f, one(new Op.Silu(), -2), 1e-6f);
    assertEquals(2 * (float) sigmoid(3.404), one(new Op.QuickGelu(), 2), 1e-6f);
    assertEquals(2 * 0.9772499f, one(new Op.Gelu(Op.Gelu.Form.ERF), 2), 1e-6f);
    assertEquals(-3 * 0.0013499f, one(new Op.Gelu(Op.Gelu.Form.ERF), -3), 1e-6f);
    assertEquals(2 * 0.9772988f, one(new Op.Gelu(Op.Gelu.Form.TANH), 2), 1e-6f);
    assertEquals(6, one(new Op.Scale(-2), -3));
  }

  @Test
  void movesElements() {
    float[] six = {1, 2, 3, 4, 5, 6};
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, unary(new Op.Transpose(), 2, 3, six));
    assertArrayEquals(new float[] {4, 5, 6}, unary(new Op.Slice(0, 1, 1), 2, 3, six));
    assertArrayEquals(new float[] {2, 3, 5, 6}, unary(new Op.Slice(1, 1, 2), 2, 3, six));
    assertArrayEquals(six, unary(new Op.Reshape(Shape.of(3, 2)), 2, 3, six));
    // Grid 2 x 3 of one column: blocks (1 2 4 5) and (3 - 6 -).
    assertArrayEquals(
        new float[] {1, 2, 4, 5, 3, 0, 6, 0}, unary(new Op.SpaceToDepth(2, 3, 2), 6, 1, six));
    // The third grid column is beyond the last whole window.
    assertArrayEquals(new float[] {3}, unary(new Op.Pool2d(2, 3, 2), 6, 1, six));
    assertArrayEquals(new float[] {1}, unary(new Op.Argmax(), 1, 4, new float[] {1, 7, 7, -9}));
  }

  @Test
  void concatJoinsRowsOrColumnsOfEachItem() {
    for (int axis : new int[] {0, 1}) {
      var g = new GraphBuilder("g");
      Value a = g.input("a", DType.F32, 2, 1);
      Value b = g.input("b", DType.F32, 2, 1);
      g.output(g.node(new Op.Concat(axis), a, b));
      float[] expected = axis == 0 ? f(1, 2, 5, 6, 3, 4, 7, 8) : f(1, 5, 2, 6, 3, 7, 4, 8);
      assertArrayEquals(expected, run(g, 2, Map.of(a, f(1, 2, 3, 4), b, f(5, 6, 7, 8))));
    }
  }

  @Test
  void patchEmbedOrdersChannelRowColumn() {
    var g = new GraphBuilder("g");
    Value x = g.input("x", DType.F32, 2, 2, 5); // two channels of 2 x 5; column 4 is not used
    Value w = g.constant("w", floats(1, 8, 1, 10, 100, 1000, 1e4f, 1e5f, 1e6f, 1e7f));
    g.output(g.node(new Op.PatchEmbed(2), x, w));
    float[] pixels = {1, 2, 3, 4, 9, 5, 6, 7, 8, 9, 0, 1, 2, 3, 9, 4, 5, 6, 7, 9};
    // Patch 0: 1 2 5 6 | 0 1 4 5, patch 1: 3 4 7 8 | 2 3 6 7.
    assertArrayEquals(new float[] {54106521, 76328743}, run(g, 1, Map.of(x, pixels)));
  }

  private static float one(Op op, float x) {
    return unary(op, 1, 1, new float[] {x})[0];
  }

  private static float[] unary(Op op, int rows, int cols, float[] x) {
    var g = new GraphBuilder("g");
    Value in = g.input("x", DType.F32, rows, cols);
    g.output(g.node(op, in));
    return run(g, 1, Map.of(in, x));
  }

  private static float[] run(GraphBuilder g, int itemCount, Map<Value, Object> inputs) {
    return run(g, itemCount, inputs, List.of());
  }

  private static float[] run(
      GraphBuilder g, int itemCount, Map<Value, Object> inputs, List<Bindings.Span> spans) {
    Graph graph = g.build();
    try (CompiledGraph compiled = backend.compile(graph, itemCount)) {
      return GraphRunner.run(compiled, graph, itemCount, inputs, spans, GraphRunner.Memory.HEAP)
          .get(graph.outputs().get(0));
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static float[] f(float... values) {
    return values;
  }

  private static TensorView floats(int rows, int cols, float... values) {
    return TensorView.ofFloats(values, rows, cols);
  }
}
