// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GraphBuilderTest {
  private static TensorView f32(int... dims) {
    long count = Shape.of(dims).elementCount();
    return TensorView.ofFloats(new float[(int) count], dims);
  }

  private static Value constant(GraphBuilder graph, int... dims) {
    return graph.constant("w" + Shape.of(dims), f32(dims));
  }

  private static Value input(GraphBuilder graph, int... dims) {
    return graph.input("x" + Shape.of(dims), DType.F32, dims);
  }

  /// An op over fresh operands, and the shape that one item of its output has.
  private record Case(String name, Function<GraphBuilder, Value> build, Shape expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Function<GraphBuilder, Value> build, int... expected) {
    return new Case(name, build, Shape.of(expected));
  }

  static Stream<Case> inferred() {
    return Stream.of(
        of("Embedding", g -> g.embedding(g.input("ids", DType.I32, 3), constant(g, 10, 4)), 3, 4),
        of("MatMul", g -> g.matMul(input(g, 3, 8), constant(g, 5, 8)), 3, 5),
        of(
            "MatMul with bias",
            g -> g.matMul(input(g, 3, 8), constant(g, 5, 8), Optional.of(constant(g, 5))),
            3,
            5),
        of("Add of a vector", g -> g.add(input(g, 3, 8), constant(g, 8)), 3, 8),
        of("Mul of a table", g -> g.mul(input(g, 3, 8), constant(g, 3, 8)), 3, 8),
        of("RmsNorm by heads", g -> g.rmsNorm(input(g, 3, 8), constant(g, 4), 1e-5f), 3, 8),
        of("Concat of rows", g -> g.node(new Op.Concat(0), input(g, 3, 8), input(g, 2, 8)), 5, 8),
        of(
            "Concat of columns",
            g -> g.node(new Op.Concat(1), input(g, 3, 8), input(g, 3, 2)),
            3,
            10),
        of("Slice of rows", g -> g.node(new Op.Slice(0, 1, 2), input(g, 3, 8)), 2, 8),
        of("Slice of columns", g -> g.node(new Op.Slice(1, 4, 4), input(g, 3, 8)), 3, 4),
        of("Reshape", g -> g.node(new Op.Reshape(Shape.of(4, 6)), input(g, 3, 8)), 4, 6),
        of("Transpose", g -> g.node(new Op.Transpose(), input(g, 3, 8)), 8, 3),
        of("Pool2d", g -> g.node(new Op.Pool2d(4, 6, 2), input(g, 24, 5)), 6, 5),
        of(
            "PatchEmbed leaves a rest",
            g -> g.node(new Op.PatchEmbed(14), input(g, 3, 30, 45), constant(g, 7, 588)),
            6,
            7),
        of(
            "SpaceToDepth of an odd grid",
            g -> g.node(new Op.SpaceToDepth(3, 5, 2), input(g, 15, 4)),
            6,
            16));
  }

  @ParameterizedTest
  @MethodSource("inferred")
  void infersTheOutputShape(Case theCase) {
    var graph = new GraphBuilder("test");
    Value out = theCase.build().apply(graph);
    assertEquals(theCase.expected(), out.shape());
    assertSame(out, graph.output(out).build().outputs().getFirst());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal("MatMul", "[n, 8]", g -> g.matMul(input(g, 3, 8), constant(g, 5, 7))),
        refusal("MatMul", "constant matrix", g -> g.matMul(input(g, 3, 8), input(g, 5, 8))),
        refusal(
            "MatMul",
            "vector [5]",
            g -> g.matMul(input(g, 3, 8), constant(g, 5, 8), Optional.of(constant(g, 8)))),
        refusal("Add", "[3, 8]", g -> g.add(input(g, 3, 8), constant(g, 3))),
        refusal("RmsNorm", "divides 8", g -> g.rmsNorm(input(g, 3, 8), constant(g, 3), 0)),
        refusal("Slice", "slice 2 + 2", g -> g.node(new Op.Slice(0, 2, 2), input(g, 3, 8))),
        refusal(
            "Slice", "slice", g -> g.node(new Op.Slice(0, 1, Integer.MAX_VALUE), input(g, 3, 8))),
        refusal(
            "Rope",
            "ropeLength",
            g ->
                g.node(
                    new Op.Rope(Op.Rope.Style.HALVES, 2, 4, 6, 1e4f, 1, 1),
                    input(g, 1, 8),
                    g.input("p", DType.I32, 1))),
        refusal(
            "Attention",
            "multiple",
            g ->
                g.attention(
                    new Op.Attention(3, 2, 4, 1, 0, 0),
                    input(g, 1, 12),
                    input(g, 1, 8),
                    g.input("v", DType.F32, 1, 8))),
        refusal("Argmax", "1 inputs", g -> g.node(new Op.Argmax())));
  }

  private static Arguments refusal(
      String op, String expected, Function<GraphBuilder, Value> build) {
    return Arguments.of(op, expected, build);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatDoesNotFitNamingOpAndExpectation(
      String op, String expected, Function<GraphBuilder, Value> build) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> build.apply(new GraphBuilder("test")));
    assertTrue(e.getMessage().contains(op), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void oneNameIsOneConstant() {
    var graph = new GraphBuilder("test");
    TensorView view = f32(4, 4);
    assertSame(graph.constant("w", view), graph.constant("w", view));
  }

  @Test
  void refusesTwoValuesOfOneName() {
    var graph = new GraphBuilder("test");
    Value x = graph.input("x", DType.F32, 1, 4);
    graph.input("x", DType.F32, 1, 4);
    graph.output(graph.scale(x, 2));
    assertThrows(IllegalArgumentException.class, graph::build);
  }

  @Test
  void refusesAGraphWithoutOutputs() {
    var graph = new GraphBuilder("test");
    graph.scale(input(graph, 1, 4), 2);
    assertThrows(IllegalArgumentException.class, graph::build);
  }

  @Test
  void tensorViewsHaveTheSizeOfTheirShape() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new TensorView(DType.F32, Shape.of(2, 3), MemorySegment.ofArray(new float[5])));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TensorView(DType.Q8_0, Shape.of(2, 33), MemorySegment.ofArray(new byte[68])));
    var view = new TensorView(DType.Q4_0, Shape.of(2, 64), MemorySegment.ofArray(new byte[72]));
    assertEquals(36, view.rowBytes());
  }
}
