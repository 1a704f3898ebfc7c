// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The cases of every op but causal attention, which needs a KV cache ([CacheCases]).
///
/// Tolerances. A float has a relative error of 6e-8, squared 3.6e-15. Moving elements is exact. One
/// rounding, or a few and an exponential of 1 to 2 ulp: 1e-12. A float sum of 4098 products in one
/// chain, which is worse than any real order: about `4098 / 2` roundings of partial sums, 1e-11;
/// with a margin 1e-10.
public final class OpCases {
  /// Nothing is computed.
  public static final double EXACT = 0;

  /// A few roundings.
  public static final double ELEMENTWISE = 1e-12;

  /// Long float sums.
  public static final double SUMS = 1e-10;

  /// Attention with an F16 cache, where a backend may round q and the probabilities to 11 digits,
  /// or may not. Rounding q moves a score s by up to 2^-12 of it, and its probability by as much of
  /// itself: with scores up to 4 the square is 1e-6.
  public static final double F16_CACHE = 1e-6;

  /// Weight types that the contract covers.
  public static final List<DType> WEIGHT_DTYPES =
      List.of(
          DType.F32,
          DType.F16,
          DType.BF16,
          DType.Q8_0,
          DType.Q4_0,
          DType.Q4_1,
          DType.Q5_0,
          DType.Q5_1,
          DType.Q2_K,
          DType.Q3_K,
          DType.Q4_K,
          DType.Q5_K,
          DType.Q6_K,
          DType.IQ4_NL,
          DType.IQ4_XS,
          DType.MXFP4);

  // One, around the lanes of 128, 256 and 512 bits, odd, large.
  private static final int[] COLS = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 207, 4098};
  // Around tile sizes of matrix kernels.
  private static final int[] ITEMS = {1, 2, 3, 7, 12, 13, 32, 33};
  private static final int[] ITEMS_FEW = {1, 13, 33};

  private final List<OpCase> cases = new ArrayList<>();
  private int itemTurn;

  private OpCases() {}

  /// All cases.
  public static List<OpCase> all() {
    var cases = new OpCases();
    for (int cols : COLS) {
      for (Fill fill : Fill.values()) {
        cases.elementwise(cols, fill);
      }
      cases.norms(cols);
      cases.movement(cols);
    }
    for (DType dtype : WEIGHT_DTYPES) {
      cases.matMul(dtype);
      cases.tables(dtype);
    }
    cases.rope();
    cases.ropeSections();
    cases.bidirectional();
    cases.segments();
    cases.cross();
    return List.copyOf(cases.cases);
  }

  private void elementwise(int cols, Fill fill) {
    unary(new Op.Silu(), fill, ELEMENTWISE, 1, cols);
    unary(new Op.QuickGelu(), fill, ELEMENTWISE, 1, cols);
    unary(new Op.Gelu(Op.Gelu.Form.TANH), fill, ELEMENTWISE, 1, cols);
    unary(new Op.Gelu(Op.Gelu.Form.ERF), fill, ELEMENTWISE, 1, cols);
    unary(new Op.Softmax(), fill, ELEMENTWISE, 2, cols);
    unary(new Op.Argmax(), fill, EXACT, 2, cols);
    unary(new Op.Scale(0.3f), fill, ELEMENTWISE, 1, cols);
    if (fill != Fill.EXTREME) { // sums and products overflow
      binary(new Op.Add(), fill, 3, cols);
      binary(new Op.Mul(), fill, 3, cols);
    }
  }

  private void norms(int cols) {
    for (Fill fill : List.of(Fill.GAUSSIAN, Fill.ZERO, Fill.DENORMAL)) {
      Random random = Seeds.random("norms" + cols + fill);
      var g = new GraphBuilder("rmsNorm");
      Value x = g.input("x", DType.F32, 2, cols * 3);
      Value w = g.constant("w", vector(cols, random));
      add(g, g.rmsNorm(x, w, 1e-6f), "3 groups of %d".formatted(cols), fill, ELEMENTWISE);
      g = new GraphBuilder("layerNorm");
      x = g.input("x", DType.F32, 2, cols);
      w = g.constant("w", vector(cols, random));
      add(
          g,
          g.layerNorm(x, w, g.constant("b", vector(cols, random)), 1e-5f),
          "",
          fill,
          ELEMENTWISE);
    }
  }

  private void movement(int cols) {
    unary(new Op.Transpose(), Fill.EXTREME, EXACT, 5, cols);
    unary(new Op.Reshape(Shape.of(cols, 6)), Fill.EXTREME, EXACT, 6, cols);
    unary(new Op.Slice(0, 1, 2), Fill.EXTREME, EXACT, 4, cols);
    unary(new Op.Slice(1, cols / 3, cols - cols / 3), Fill.EXTREME, EXACT, 2, cols);
    unary(new Op.SpaceToDepth(3, 5, 2), Fill.EXTREME, EXACT, 15, cols);
    unary(new Op.SpaceToDepth(4, 2, 2), Fill.EXTREME, EXACT, 8, cols);
    unary(new Op.Pool2d(5, 4, 2), Fill.GAUSSIAN, ELEMENTWISE, 20, cols);
    unary(new Op.Pool2d(3, 3, 3), Fill.DENORMAL, ELEMENTWISE, 9, cols);
    var g = new GraphBuilder("concat0");
    add(
        g,
        g.node(
            new Op.Concat(0), g.input("a", DType.F32, 2, cols), g.input("b", DType.F32, 3, cols)),
        "",
        Fill.EXTREME,
        EXACT);
    g = new GraphBuilder("concat1");
    add(
        g,
        g.node(new Op.Concat(1), g.input("a", DType.F32, 2, cols), g.input("b", DType.F32, 2, 5)),
        "",
        Fill.EXTREME,
        EXACT);
  }

  private void matMul(DType dtype) {
    int[] ks =
        switch (dtype.blockLength()) {
          case 1 -> new int[] {1, 15, 16, 17, 33, 207, 1030, 4098};
          case 32 -> new int[] {32, 64, 96, 224, 1056, 4096};
          default -> new int[] {256, 512, 768, 1280, 4096};
        };
    int[] ns = {1, 3, 12, 13, 33, 64};
    int turn = 0;
    for (int k : ks) {
      for (int items : k > 1000 ? ITEMS_FEW : ITEMS) {
        int n = ns[turn++ % ns.length];
        Random random = Seeds.random("matMul" + dtype + k + items);
        var g = new GraphBuilder("matMul" + dtype);
        Value x = g.input("x", DType.F32, 1, k);
        Value w = g.constant("w", TestWeights.random(dtype, n, k, random));
        Value y =
            turn % 2 == 0
                ? g.matMul(x, w)
                : g.node(new Op.MatMul(), x, w, g.constant("b", vector(n, random)));
        // So few outputs can all be small by cancellation, their errors not.
        double tolerance = n * items < 16 ? 1000 * SUMS : SUMS;
        add(g, y, "[%d, %d]".formatted(n, k), items, Fill.GAUSSIAN, 0, tolerance);
      }
    }
    wideMatMul(dtype);
    int filled = Math.max(64, dtype.blockLength());
    for (Fill fill : List.of(Fill.ZERO, Fill.DENORMAL)) {
      for (int items : new int[] {1, 33}) {
        var g = new GraphBuilder("matMul" + dtype);
        Value w =
            g.constant("w", TestWeights.random(dtype, 13, filled, Seeds.random("fill" + dtype)));
        Value y = g.matMul(g.input("x", DType.F32, 3, filled), w);
        add(g, y, "[13, %d] x 3 rows".formatted(filled), items, fill, 0, SUMS);
      }
    }
  }

  /// More rows, and longer ones, than kernels keep in a cache at once.
  private void wideMatMul(DType dtype) {
    int k = dtype.isQuantised() ? 2304 : 2081;
    Random random = Seeds.random("wide" + dtype);
    var g = new GraphBuilder("matMul" + dtype);
    Value x = g.input("x", DType.F32, 5, k);
    Value w = g.constant("w", TestWeights.random(dtype, 21, k, random));
    Value b = g.constant("b", vector(21, random));
    Value y = g.matMul(x, w, Optional.of(b));
    add(g, y, "[21, %d] x 5 rows".formatted(k), 33, Fill.GAUSSIAN, 0, SUMS);
  }

  private void tables(DType dtype) {
    Random random = Seeds.random("tables" + dtype);
    int block = dtype.blockLength();
    for (int cols : new int[] {block, 3 * block, 7 * Math.max(32, block)}) {
      var g = new GraphBuilder("embedding" + dtype);
      Value table = g.constant("table", TestWeights.random(dtype, 50, cols, random));
      Value y = g.embedding(g.input("ids", DType.I32, 3), table);
      add(g, y, "[50, %d]".formatted(cols), 5, Fill.GAUSSIAN, 50, ELEMENTWISE);
    }
    // 4 channels of 4 x 4, 8 x 8 or 16 x 16, where they are whole quant blocks; the right edge is
    // cut
    // off.
    for (int p : new int[] {4, 8, 16}) {
      int k = 4 * p * p;
      if (k % block != 0) {
        continue;
      }
      var g = new GraphBuilder("patchEmbed" + dtype);
      Value x = g.input("x", DType.F32, 4, 3 * p, 2 * p + 3);
      Value w = g.constant("w", TestWeights.random(dtype, 13, k, random));
      Value y = g.node(new Op.PatchEmbed(p), x, w, g.constant("b", vector(13, random)));
      add(g, y, "patches of %d".formatted(p), 3, Fill.GAUSSIAN, 0, SUMS);
    }
  }

  private void rope() {
    for (Op.Rope.Style style : Op.Rope.Style.values()) {
      for (int length : new int[] {2, 6, 16, 32, 64, 80, 128}) {
        for (boolean isPartial : new boolean[] {false, true}) {
          if (isPartial && length < 6) {
            continue;
          }
          int turned = isPartial ? length / 2 / 2 * 2 : length;
          var op = new Op.Rope(style, 3, length, turned, 10_000f, 0.5f, 1.1f);
          var g = new GraphBuilder("rope" + style);
          Value x = g.input("x", DType.F32, 2, 3 * length);
          Value positions = g.input("positions", DType.I32, 2);
          Value y;
          if (length % 3 == 0) {
            var factors = new float[turned / 2];
            for (int i = 0; i < factors.length; i++) {
              factors[i] = 1 + i;
            }
            y = g.node(op, x, positions, g.constant("f", TensorView.ofFloats(factors, turned / 2)));
          } else {
            y = g.node(op, x, positions);
          }
          add(g, y, "%d of %d".formatted(turned, length), 5, Fill.GAUSSIAN, 100_000, ELEMENTWISE);
        }
      }
    }
  }

  private void ropeSections() {
    List<List<Integer>> all = List.of(List.of(4, 6, 6, 0), List.of(16, 24, 24, 0), List.of(9, 9));
    for (Op.Rope.Style style : Op.Rope.Style.values()) {
      for (List<Integer> counts : all) {
        for (boolean isRestarting : new boolean[] {false, true}) {
          int length = 2 * counts.stream().mapToInt(n -> n).sum();
          var sections = new Op.Rope.Sections(counts, isRestarting);
          var op = new Op.Rope(style, 3, length + 2, length, 10_000f, 1f, 1f, sections);
          var g = new GraphBuilder("rope" + style);
          Value x = g.input("x", DType.F32, 2, 3 * (length + 2));
          Value y = g.node(op, x, g.input("positions", DType.I32, 2, counts.size()));
          add(g, y, sections.toString(), 5, Fill.GAUSSIAN, 100_000, ELEMENTWISE);
        }
      }
    }
  }

  /// Segments at random: most rows see scattered keys, or with many numbers hardly any but their
  /// own. Neighbours are in [PlainAttention].
  private void segments() {
    for (int numberCount : new int[] {1, 2, 5, 1000}) {
      for (int rows : new int[] {1, 17, 65, 200}) {
        var op = new Op.Attention(4, 2, 20, 0.3f, Op.Attention.NO_CACHE, 0);
        var g = new GraphBuilder("attention");
        Value q = g.input("q", DType.F32, rows, 80);
        Value k = g.input("k", DType.F32, rows, 40);
        Value v = g.input("v", DType.F32, rows, 40);
        Value y = g.node(op, q, k, v, g.input("segments", DType.I32, rows));
        add(g, y, numberCount + " segments", 2, Fill.GAUSSIAN, numberCount, SUMS);
      }
    }
  }

  private void cross() {
    for (int[] rows : new int[][] {{1, 70}, {64, 5}, {33, 130}, {7, 1}}) {
      var op = new Op.Attention(4, 2, 20, 0.3f, Op.Attention.NO_CACHE, 0);
      var g = new GraphBuilder("attention");
      Value q = g.input("q", DType.F32, rows[0], 80);
      Value k = g.input("k", DType.F32, rows[1], 40);
      Value v = g.input("v", DType.F32, rows[1], 40);
      add(
          g,
          g.attention(op, q, k, v),
          "over %d keys".formatted(rows[1]),
          3,
          Fill.GAUSSIAN,
          0,
          SUMS);
    }
  }

  private void bidirectional() {
    int[][] shapes = { // rows, headCount, headCountKv, headLength
      {1, 1, 1, 1},
      {2, 2, 1, 3},
      {5, 4, 2, 16},
      {17, 3, 3, 20},
      {33, 2, 2, 64},
      {65, 4, 1, 72},
      {200, 2, 2, 32}
    };
    for (int[] s : shapes) {
      var op =
          new Op.Attention(
              s[1], s[2], s[3], (float) (1 / Math.sqrt(s[3])), Op.Attention.NO_CACHE, 0);
      var g = new GraphBuilder("attention");
      Value q = g.input("q", DType.F32, s[0], s[1] * s[3]);
      Value k = g.input("k", DType.F32, s[0], s[2] * s[3]);
      Value v = g.input("v", DType.F32, s[0], s[2] * s[3]);
      add(g, g.attention(op, q, k, v), Arrays.toString(s), 3, Fill.GAUSSIAN, 0, SUMS);
    }
  }

  private void unary(Op op, Fill fill, double tolerance, int rows, int cols) {
    var g = new GraphBuilder(op.opName());
    Value y = g.node(op, g.input("x", DType.F32, rows, cols));
    add(g, y, op.toString(), fill, tolerance);
  }

  private void binary(Op op, Fill fill, int rows, int cols) {
    Random random = Seeds.random("binary" + cols);
    var g = new GraphBuilder(op.opName());
    Value x = g.input("x", DType.F32, rows, cols);
    add(g, g.node(op, x, g.input("b", DType.F32, rows, cols)), "per item", fill, ELEMENTWISE);
    g = new GraphBuilder(op.opName());
    x = g.input("x", DType.F32, rows, cols);
    add(g, g.node(op, x, g.constant("b", vector(cols, random))), "vector", fill, ELEMENTWISE);
    g = new GraphBuilder(op.opName());
    x = g.input("x", DType.F32, rows, cols);
    Value b = g.constant("b", TestWeights.random(DType.F32, rows, cols, random));
    add(g, g.node(op, x, b), "constant", fill, ELEMENTWISE);
  }

  private void add(GraphBuilder g, Value y, String detail, Fill fill, double tolerance) {
    int items = ITEMS[itemTurn++ % ITEMS.length];
    add(g, y, detail, y.shape().elementCount() > 10_000 ? 2 : items, fill, 0, tolerance);
  }

  private void add(
      GraphBuilder g, Value y, String detail, int items, Fill fill, int idBound, double tolerance) {
    var graph = g.output(y).build();
    String name =
        "%s %s, %s -> %s x %d items, %s"
            .formatted(graph.name(), detail, graph.inputs().get(0).shape(), y.shape(), items, fill);
    cases.add(new OpCase(name, graph, items, fill, idBound, tolerance));
  }

  static TensorView vector(int length, Random random) {
    return TensorView.ofFloats(Fill.GAUSSIAN.floats(length, random), length);
  }
}
